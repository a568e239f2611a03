package io.clusterstate.simulator.junit;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Gives each test a simulated ECS: parameters of the types {@link Simulator}, {@link EcsClient} and {@link SqsClient}
 * are resolved to a started simulator and its clients. Constructors, test methods, {@code @BeforeEach} and
 * {@code @AfterEach} methods can have such parameters.
 *
 * <p>Each test has a simulator of its own, made when a parameter first needs it, and all parameters of a test are of
 * one simulator. After the test the extension closes it with its clients, ports and threads. Tests can run in parallel.
 * An annotation at a method prevails over that of its class, and a class over its enclosing classes.
 *
 * <p>Time stands at first, at {@code 2026-01-01T00:00:00Z}; {@link Simulator#advance} lets it pass. Faults and the
 * truth are at the simulator. For further settings build a {@link Simulator} by {@link SimulatorBuilder} instead.
 *
 * <p>A value out of its range fails the test that needs the simulator, by the parameter's resolution.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(SimulatedEcsExtension.class)
public @interface SimulatedEcs {

    /**
     * The number of clusters, as {@link SimulatorBuilder#clusters}.
     *
     * @return at least 1
     */
    int clusters() default 2;

    /**
     * The number of tasks that run at the beginning, as {@link SimulatorBuilder#tasks}.
     *
     * @return zero or more
     */
    int tasks() default 200;

    /**
     * The initial number of container instances in each cluster, as {@link SimulatorBuilder#instancesPerCluster}.
     *
     * @return zero or more; -1 for as many as the tasks need
     */
    int instancesPerCluster() default -1;

    /**
     * The seed of all random choices, as {@link SimulatorBuilder#seed}.
     *
     * @return any number
     */
    long seed() default 1;

    /**
     * The faults in use from the beginning, as {@link SimulatorBuilder#faults}.
     *
     * @return none by default
     */
    Fault[] faults() default {};

    /**
     * Whether time is the system's, so that tasks take their steps by themselves. A test whose code polls or waits
     * needs that, since {@link Simulator#advance} moves a standing clock alone.
     *
     * @return whether time passes by itself
     */
    boolean live() default false;

    /**
     * The events a second of random activity, as {@link Simulator#drive}. It needs {@link #live}.
     *
     * @return zero or more; zero starts no change
     */
    double rate() default 0;

    /**
     * Whether all tests of the annotated class, and of classes nested in it, use one simulator. Then {@code @BeforeAll}
     * and {@code @AfterAll} methods, and constructors of {@code PER_CLASS} tests, can have parameters of it too.
     *
     * @return whether the simulator lives as long as the class
     */
    boolean perClass() default false;
}
