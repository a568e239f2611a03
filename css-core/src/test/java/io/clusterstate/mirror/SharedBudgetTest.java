package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;

/** The part of the API share that a mirror on a shared store uses, as it leads and as it follows. */
class SharedBudgetTest {

    private static final String CLUSTER = "default";
    private static final double SHARE = 0.05;
    private static final double CALLS_A_SECOND = 20 * SHARE;
    private static final double BURST = 100 * SHARE;

    private final TestTime time = new TestTime();
    private final TestCoordination coordination = new TestCoordination();
    private final MirroredEcs ecs =
            MirroredEcs.of(time, Simulator.builder().seed(13).clusters(1).tasks(60), builder -> builder.store(
                            new FencedStore(coordination, time))
                    .apiShare(SHARE));

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    void theLeaderUsesThreeQuartersOfTheShare() throws Exception {
        ecs.ready();
        long before = resourceCalls();
        Duration begun = elapsed();

        for (int i = 0; i < 8; i++) {
            ecs.reconcile(CLUSTER);
        }

        double allowed = (BURST + CALLS_A_SECOND * secondsSince(begun)) * 3 / 4;
        long calls = resourceCalls() - before;
        assertTrue(calls <= allowed + 1, calls + " calls of " + allowed);
        assertTrue(calls > allowed / 2, calls + " calls of " + allowed);
    }

    @Test
    void aFollowerUsesASixteenthOfTheShare() throws Exception {
        ecs.ready();
        coordination.term(0);
        Service service = ecs.snapshot().services().in(CLUSTER).first().orElseThrow();
        Duration begun = elapsed();

        for (int i = 1; i <= 5; i++) {
            ecs.world().send(steady(service));
            long described = i;
            await(() -> {
                time.advance(Duration.ofMillis(100)); // a hint waits for others
                return ecs.mirror().status().deliveries().get(DeliveryOutcome.DESCRIBED) == described;
            });
        }

        double allowed = CALLS_A_SECOND * secondsSince(begun) / 16;
        assertTrue(4 <= allowed, "5 calls of " + allowed);
    }

    private static String steady(Service service) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                 "detail":{"eventType":"INFO","eventName":"SERVICE_STEADY_STATE","clusterArn":"%s"}}
                """
                .formatted(service.serviceArn(), service.clusterArn());
    }

    private long resourceCalls() {
        return ecs.simulator().calls().entrySet().stream()
                .filter(call -> call.getKey().endsWith("Tasks") || call.getKey().endsWith("ContainerInstances"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    private double secondsSince(Duration begun) {
        return elapsed().minus(begun).toMillis() / 1000.0;
    }
}
