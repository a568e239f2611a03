package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.TestTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A mirror with a store of its own, whose ECS client reads another account than that of its place or of its state. */
class WrongPlaceTest {

    private static final String OURS = "arn:aws:ecs:us-east-1:222222222222:";
    private static final String OTHERS = "arn:aws:ecs:us-east-1:111111111111:";
    private static final String REFUSAL =
            "ecs client: it reads " + OURS + ", so the mirror does not poll (expected: " + OTHERS + ", as configured)";

    /** Beyond the 20 s that a late write of a claim takes, for a machine that is busy. */
    private static final Duration CLAIMED_WITHIN = Duration.ofMinutes(2);

    @Test
    @Promise(4)
    void aMirrorWhoseClientReadsAnotherAccountLeavesTheQueueAlone() {
        try (MirroredEcs ecs = placed(OTHERS)) {
            ecs.world().send(HomeEvents.task(OURS)); // the queue is of the client's account, too
            ecs.mirror().start();

            await(() -> ecs.mirror().status().problems().equals(List.of(REFUSAL)));

            awaitLists(ecs.time(), ecs.simulator(), 5);
            assertEquals(1, ecs.world().messagesLeft());
            assertEquals(0, ecs.mirror().status().deliveries().get(DeliveryOutcome.FOREIGN));
            assertFalse(ecs.view().isReady());
        }
    }

    @Test
    @Promise(4)
    void aMirrorOfAClusterOfAnotherAccountLeavesTheQueueAlone() {
        Clusters others = Clusters.named(OTHERS + "cluster/default"); // ECS refuses this ARN, and names none
        try (MirroredEcs ecs = MirroredEcs.of(simulator(), builder -> builder.clusters(others))) {
            ecs.world().send(HomeEvents.task(OURS));
            ecs.mirror().start();

            await(() -> ecs.mirror().status().problems().equals(List.of(REFUSAL)));

            assertEquals(1, ecs.world().messagesLeft());
            assertEquals(0, ecs.mirror().status().deliveries().get(DeliveryOutcome.FOREIGN));
        }
    }

    @Test
    @Promise(4)
    void aMirrorPollsNothingBeforeTheFirstAnswerOfEcs() {
        try (MirroredEcs ecs = placed(OTHERS)) {
            ecs.world().send(HomeEvents.task(OURS));
            ecs.simulator().faults().delayResponses(Duration.ofSeconds(1));
            ecs.mirror().start();

            await(() -> ecs.mirror().status().problems().equals(List.of(REFUSAL)));

            assertEquals(1, ecs.world().messagesLeft());
            assertEquals(0, ecs.mirror().status().deliveries().get(DeliveryOutcome.FOREIGN));
        }
    }

    @Test
    void aMirrorOfTheRightAccountPollsThoughEcsIsAway() {
        try (MirroredEcs ecs = placed(OURS)) {
            ecs.simulator().faults().ecsOutage(true);
            ecs.world().send(HomeEvents.task(OURS));

            ecs.mirror().start();

            await(() -> ecs.world().messagesLeft() == 0);
            assertEquals(1, ecs.mirror().status().deliveries().get(DeliveryOutcome.APPLIED));
        }
    }

    @Test
    @Promise(4)
    void aClientThatMovesToAnotherAccountStopsThePollsUntilItReturns() throws Exception {
        Simulator others =
                Simulator.builder().clusters(1).account("111111111111").build();
        SwitchedEcs client = new SwitchedEcs();
        try (others;
                MirroredEcs ecs = MirroredEcs.of(simulator(), builder -> builder.ecs(client.first(builder.ecs())))) {
            others.start();
            ecs.ready();

            client.use(others.ecsClient());
            assertThrows(ExecutionException.class, ecs::reconcileAll);
            await(() -> problem(ecs).startsWith("ecs client: it reads " + OTHERS + ", so the mirror does not poll"));
            awaitLists(ecs.time(), others, 3); // a poll that began before has ended since, and hands back
            ecs.world().send(HomeEvents.task(OURS));
            awaitLists(ecs.time(), others, 3);
            assertEquals(1, ecs.world().messagesLeft());

            client.use(client.first);
            await(() -> {
                ecs.time().advance(Duration.ofMillis(100));
                return ecs.world().messagesLeft() == 0;
            });
            assertEquals("", problem(ecs));
        }
    }

    @Test
    @Promise(8)
    void aClientThatMovesToAnAccountWithoutClustersRemovesNothing() throws Exception {
        Simulator others =
                Simulator.builder().clusters(1).account("111111111111").build();
        SwitchedEcs client = new SwitchedEcs();
        try (others;
                MirroredEcs ecs = MirroredEcs.of(simulator(), builder -> builder.ecs(client.first(builder.ecs())))) {
            others.start();
            EcsClient empty = others.ecsClient();
            empty.listClusters().clusterArns().forEach(others::vanishCluster);
            ecs.ready();
            int before = ecs.view().snapshot().tasks().count();

            client.use(empty);
            assertThrows(ExecutionException.class, ecs::reconcileAll);

            assertTrue(problem(ecs).startsWith("ecs client: it reads " + OTHERS), problem(ecs));
            assertEquals(before, ecs.view().snapshot().tasks().count());
        }
    }

    @Test
    void aMirrorThatMayNotPollLeavesTheQueueToOneThatMay() {
        try (SimulatorFixture world = new SimulatorFixture(simulator());
                ClusterMirror wrong = claiming(world, OTHERS);
                ClusterMirror right = claiming(world, OURS)) {
            wrong.start();
            await(() -> wrong.status().failure().equals(Optional.of(REFUSAL)));
            right.start();
            world.send(HomeEvents.task(OURS));

            await(CLAIMED_WITHIN, () -> right.status().deliveries().get(DeliveryOutcome.APPLIED) == 1);

            assertEquals(Optional.of(REFUSAL), wrong.status().failure());
            await(() -> world.messagesLeft() == 0);
        }
    }

    private static ClusterMirror claiming(SimulatorFixture world, String home) {
        return ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .home(Optional.of(home + "cluster/default"))
                .build();
    }

    private static MirroredEcs placed(String home) {
        return MirroredEcs.of(simulator(), builder -> builder.home(Optional.of(home + "cluster/default")));
    }

    private static SimulatorBuilder simulator() {
        return Simulator.builder().seed(17).clusters(1).tasks(20).account("222222222222");
    }

    private static String problem(MirroredEcs ecs) {
        return ecs.mirror().status().failure().orElse("");
    }

    /** Waits until the mirror has tried so many times more to list the clusters. */
    private static void awaitLists(TestTime time, Simulator asked, int times) {
        long before = asked.calls().getOrDefault("ListClusters", 0L);
        await(() -> {
            time.advance(Duration.ofMillis(100));
            return asked.calls().getOrDefault("ListClusters", 0L) >= before + times;
        });
    }

    /** A client whose credentials a test changes. */
    private static final class SwitchedEcs {

        private @Nullable EcsClient first;
        private volatile @Nullable EcsClient now;

        void use(@Nullable EcsClient client) {
            now = client;
        }

        /** The client to give to a mirror; it begins as this one. */
        EcsClient first(EcsClient client) {
            first = client;
            now = client;
            return (EcsClient) Proxy.newProxyInstance(
                    WrongPlaceTest.class.getClassLoader(),
                    new Class<?>[] {EcsClient.class},
                    (self, method, arguments) -> {
                        try {
                            return method.invoke(now, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
