package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Configures a simulator; made by {@link Simulator#builder()}. Every setting has a default.
 *
 * <p>Thread: one thread at a time.
 */
public final class SimulatorBuilder {
    private long seed = 1;
    private Supplier<InstantSource> clock = InstantSource::system;
    private int clusters = 2;
    private int tasks = 200;
    private OptionalInt instancesPerCluster = OptionalInt.empty();
    private OptionalInt definitions = OptionalInt.empty();
    private List<String> capacityProviders = List.of();
    private Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private String queueName = "css_queue";
    private List<String> furtherQueues = List.of();
    private String region = "us-east-1";
    private String account = "123456789012";
    private double shortArnShare;
    private Duration timePerStatus = Duration.ofMillis(500);
    private Duration endedKept = Duration.ofHours(1);
    private boolean withEcs = true;
    private boolean withSqs = true;
    private int ecsPort;
    private int sqsPort;

    SimulatorBuilder() {}

    /**
     * Sets the seed of all random choices. Equal seed, clock and steps give equal changes and equal events.
     *
     * @param newSeed any number; 1 by default
     * @return this builder
     */
    public SimulatorBuilder seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /**
     * Sets the clock of the simulation. By it steps of tasks become due, stopped tasks are forgotten, held events are
     * released, and token buckets fill.
     *
     * @param newClock the clock; the system's by default
     * @return this builder
     */
    public SimulatorBuilder clock(InstantSource newClock) {
        clock = () -> newClock;
        return this;
    }

    /**
     * Gives the simulation a clock of its own that stands still at a moment. Only {@link Simulator#advance} moves it,
     * so that a test waits for nothing, and equal seeds give equal events.
     *
     * @param start the time of the initial world
     * @return this builder
     */
    public SimulatorBuilder standingClock(Instant start) {
        clock = () -> new StandingClock(start);
        return this;
    }

    /**
     * Sets the number of clusters. The first is called {@code default}, the others {@code sim-2}, {@code sim-3} and so
     * on.
     *
     * @param count at least 1; 2 by default
     * @return this builder
     */
    public SimulatorBuilder clusters(int count) {
        clusters = atLeast("clusters", count, 1);
        return this;
    }

    /**
     * Sets the number of tasks that run at the beginning in all clusters together. Most of them belong to services.
     *
     * @param count zero or more; 200 by default
     * @return this builder
     */
    public SimulatorBuilder tasks(int count) {
        tasks = atLeast("tasks", count, 0);
        return this;
    }

    /**
     * Sets the initial number of container instances in each cluster. By default each cluster has as many as its tasks
     * need; otherwise tasks that find no room are on Fargate.
     *
     * @param count zero or more
     * @return this builder
     */
    public SimulatorBuilder instancesPerCluster(int count) {
        instancesPerCluster = OptionalInt.of(atLeast("instancesPerCluster", count, 0));
        return this;
    }

    /**
     * Sets the number of task definitions among which the initial tasks are divided. Each is in use if there are at
     * least as many tasks, and room for them on the instances. The families are called {@code family-1},
     * {@code family-2} and so on; services may share one. By default each service has a family of its own.
     *
     * @param count at least 1
     * @return this builder
     */
    public SimulatorBuilder definitions(int count) {
        definitions = OptionalInt.of(atLeast("definitions", count, 1));
        return this;
    }

    /**
     * Gives the initial clusters capacity providers: these and Fargate's two. Each new container instance belongs to
     * the next of these, in turns. Every second service of the initial world has a strategy of all that suit it; the
     * others have a launch type.
     *
     * @param names names of capacity providers of instances; none by default, and then no cluster has any
     * @return this builder
     */
    public SimulatorBuilder capacityProviders(String... names) {
        for (var name : names) {
            matching("capacityProviders", name, "(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}", "a name as ECS allows it");
        }
        capacityProviders = List.of(names);
        return this;
    }

    /**
     * Sets the faults in use from the beginning. {@link Simulator#faults()} changes them later.
     *
     * @param newFaults the faults; none by default
     * @return this builder
     */
    public SimulatorBuilder faults(Set<Fault> newFaults) {
        faults = newFaults;
        return this;
    }

    /**
     * Sets the name of the queue that receives the events.
     *
     * @param name up to 80 letters, digits, underscores and hyphens; {@code css_queue} by default
     * @return this builder
     */
    public SimulatorBuilder queueName(String name) {
        queueName = queueName("queueName", name);
        return this;
    }

    /**
     * Adds queues that receive every event as well, as further targets of the rule do. They are on the same endpoint.
     *
     * @param names names of queues, none twice and none that of {@link #queueName}; by default none
     * @return this builder
     */
    public SimulatorBuilder furtherQueues(String... names) {
        for (var name : names) {
            queueName("furtherQueues", name);
        }
        furtherQueues = List.of(names);
        return this;
    }

    /**
     * Sets the Region of ARNs and events.
     *
     * @param newRegion a Region of the partition {@code aws}; {@code us-east-1} by default
     * @return this builder
     */
    public SimulatorBuilder region(String newRegion) {
        region = matching("region", newRegion, "[a-z]+(-[a-z]+)+-[0-9]+", "a Region such as us-east-1");
        return this;
    }

    /**
     * Sets the account of ARNs, events and the queue's URL.
     *
     * @param newAccount twelve digits; {@code 123456789012} by default
     * @return this builder
     */
    public SimulatorBuilder account(String newAccount) {
        account = matching("account", newAccount, "[0-9]{12}", "twelve digits");
        return this;
    }

    /**
     * Sets the share of tasks, container instances and services whose ARNs have the old form, which does not name the
     * cluster.
     *
     * @param share the share, from 0 for none, the default, to 1 for all
     * @return this builder
     */
    public SimulatorBuilder shortArnShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("shortArnShare: " + share + " (expected: 0 to 1)");
        }
        shortArnShare = share;
        return this;
    }

    /**
     * Sets the typical time that a task spends in each status on its way to RUNNING or STOPPED. Each stay is half to
     * one and a half times as long.
     *
     * @param time zero or more; half a second by default
     * @return this builder
     */
    public SimulatorBuilder timePerStatus(Duration time) {
        timePerStatus = notNegative("timePerStatus", time);
        return this;
    }

    /**
     * Sets how long stopped tasks, deregistered container instances and deleted services and clusters can still be
     * described. A shorter time saves memory in a long run at a high rate.
     *
     * @param time zero or more; one hour, as in ECS, by default
     * @return this builder
     */
    public SimulatorBuilder keepEndedFor(Duration time) {
        endedKept = notNegative("keepEndedFor", time);
        return this;
    }

    /**
     * Sets the port of the ECS endpoint.
     *
     * @param port the port; 0, the default, takes a free one
     * @return this builder
     */
    public SimulatorBuilder ecsPort(int port) {
        ecsPort = port("ecsPort", port);
        return this;
    }

    /**
     * Sets the port of the SQS endpoint.
     *
     * @param port the port; 0, the default, takes a free one
     * @return this builder
     */
    public SimulatorBuilder sqsPort(int port) {
        sqsPort = port("sqsPort", port);
        return this;
    }

    /**
     * Leaves out the ECS endpoint.
     *
     * @return this builder
     */
    public SimulatorBuilder withoutEcs() {
        withEcs = false;
        return this;
    }

    /**
     * Leaves out the queue. Events are counted and dropped.
     *
     * @return this builder
     */
    public SimulatorBuilder withoutSqs() {
        withSqs = false;
        return this;
    }

    /**
     * Builds the simulator with its initial world. It opens no port and starts no thread; 100,000 tasks take some
     * seconds.
     *
     * @return a simulator that is not started yet
     */
    public Simulator build() {
        return new Simulator(
                new SimulatorConfig(
                        seed,
                        clock.get(),
                        clusters,
                        tasks,
                        instancesPerCluster,
                        definitions,
                        capacityProviders,
                        queueName,
                        furtherQueues,
                        region,
                        account,
                        shortArnShare,
                        timePerStatus,
                        endedKept,
                        withEcs,
                        withSqs,
                        ecsPort,
                        sqsPort),
                new Faults(faults));
    }

    private static String queueName(String setting, String name) {
        return matching(setting, name, "[A-Za-z0-9_-]{1,80}", "up to 80 letters, digits, _ and -");
    }

    private static String matching(String name, String value, String pattern, String expected) {
        if (!value.matches(pattern)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
        return value;
    }

    private static Duration notNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: zero or more)");
        }
        return time;
    }

    private static int port(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + ": " + port + " (expected: 0 to 65535)");
        }
        return port;
    }

    private static int atLeast(String name, int count, int least) {
        if (count < least) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: at least " + least + ")");
        }
        return count;
    }
}
