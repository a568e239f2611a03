package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.Home;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** A mirror on a shared store whose ECS client reads an account, while the state belongs to it or to another. */
class WrongHomeTest {

    private static final String CLUSTER = "default";
    private static final String OURS = "arn:aws:ecs:us-east-1:222222222222:";
    private static final String OTHERS = "arn:aws:ecs:us-east-1:111111111111:";
    private static final Instant LONG_AGO = TestTime.START.minus(Duration.ofDays(3));
    private static final String REFUSAL = "ecs client: it reads " + OURS + ", so the mirror does not poll (expected: "
            + OTHERS + ", to which the state in the store belongs)";

    private final TestTime time = new TestTime();
    private final TestCoordination coordination = new TestCoordination();
    private final FencedStore store = new FencedStore(coordination, time);
    private final MirroredEcs ecs = mirrored(builder -> {});

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    void theFirstLeaderRegistersItsHome() throws Exception {
        ecs.ready();

        assertEquals(Optional.of(OURS), coordination.owner());
        assertEquals(List.of(), ecs.mirror().status().problems());
    }

    @Test
    @Promise(4)
    void aFollowerOfAnotherHomeLeavesTheQueueAlone() throws Exception {
        coordination.term(0);
        stateOfOthers();
        ecs.world().send(HomeEvents.task(OTHERS));
        ecs.mirror().start();

        await(() -> ecs.mirror().status().problems().equals(List.of(REFUSAL)));

        awaitChecks(3);
        assertEquals(1, ecs.world().messagesLeft());
        assertEquals(0, ecs.mirror().status().deliveries().get(DeliveryOutcome.FOREIGN));
    }

    @Test
    @Promise(8)
    void aLeaderOfAnotherHomeJudgesNothingAndResignsEachTime() throws Exception {
        stateOfOthers();
        ecs.mirror().start();

        await(() -> coordination.resignations().equals(List.of(REFUSAL)));
        for (int term = 2; term <= 4; term++) {
            int resignations = term;
            coordination.term(term);
            await(() -> coordination.resignations().size() == resignations);
        }

        assertEquals(
                List.of(),
                ecs.simulator().calls().keySet().stream()
                        .filter(WrongHomeTest::isAboutOneCluster)
                        .toList());
        assertEquals(60, store.snapshot().tasks().count());
        assertEquals(Optional.of(OTHERS), coordination.owner());
        assertEquals(List.of(REFUSAL), ecs.mirror().status().problems());
    }

    @Test
    void aClusterSelectedByTheArnOfAnotherHomeIsRefused() throws Exception {
        Clusters ours = Clusters.named(OURS + "cluster/" + CLUSTER);
        try (MirroredEcs ecs = mirrored(builder -> builder.clusters(ours))) {
            coordination.term(0);
            stateOfOthers();
            ecs.mirror().start();

            await(() -> ecs.mirror()
                    .status()
                    .problems()
                    .equals(List.of("clusters: selected of " + OURS + ", so the mirror does not poll (expected: of "
                            + OTHERS + ", to which the state in the store belongs)")));

            coordination.term(2);
            await(() -> coordination.resignations().size() == 1);
        }
    }

    @Test
    @Promise(4)
    void aFollowerOfAClusterOfAnotherHomeLeavesTheQueueAlone() throws Exception {
        Clusters others = Clusters.named(OTHERS + "cluster/" + CLUSTER); // ECS refuses this ARN, and names none
        try (MirroredEcs ecs = mirrored(builder -> builder.clusters(others))) {
            ecs.simulator().vanishCluster(OURS + "cluster/" + CLUSTER); // so the list names none either
            coordination.term(0);
            stateOfOthers();
            ecs.world().send(HomeEvents.task(OURS));
            ecs.mirror().start();

            await(() -> ecs.mirror().status().failure().orElse("").contains("it reads " + OURS));
            assertEquals(1, ecs.world().messagesLeft());
        }
    }

    @Test
    @Promise(8)
    void aLeaderThatCannotNameItsAccountJudgesNothing() throws Exception {
        ecs.simulator().faults().failNext("ListClusters", 1_000, "AccessDeniedException");
        ecs.simulator().faults().failNext("DescribeClusters", 1_000, "AccessDeniedException");
        coordination.owner(OURS);
        confirm(OURS);
        ecs.mirror().start();

        await(() -> ecs.mirror().status().failure().orElse("").contains("ecs client: not checked, "));

        awaitChecks(2);
        assertFalse(ecs.simulator().calls().containsKey("ListTasks"));
    }

    @Test
    void aMirrorWhoseEcsIsAwayPollsUncheckedAndIsCheckedLater() throws Exception {
        ecs.simulator().faults().ecsOutage(true);
        coordination.term(0);
        coordination.owner(OTHERS);
        confirm(OTHERS);
        ecs.world().send(HomeEvents.task(OTHERS));
        ecs.mirror().start();
        await(() -> ecs.world().messagesLeft() == 0);
        assertTrue(ecs.mirror().status().failure().orElseThrow().contains("not checked"));

        ecs.simulator().faults().ecsOutage(false);

        await(() -> {
            time.advance(Duration.ofMillis(100));
            return ecs.mirror().status().failure().equals(Optional.of(REFUSAL));
        });
    }

    @Test
    void aClientThatReadsTheRightAccountAfterAllIsAccepted() throws Exception {
        coordination.term(0);
        stateOfOthers();
        ecs.mirror().start();
        await(() -> ecs.mirror().status().problems().equals(List.of(REFUSAL)));

        coordination.owner(OURS); // the first owner had been the wrong one
        coordination.term(2);

        await(() -> ecs.mirror().status().failure().isEmpty());
        ecs.reconcileAll();
        assertTrue(ecs.view().isReady());
    }

    @Test
    void clustersOfOthersAreNotTakenOver() throws Exception {
        coordination.term(0);
        coordination.owner(OURS);
        coordination.confirm(
                new Confirmation(
                        true,
                        Optional.of(LONG_AGO),
                        Map.of(OURS + "cluster/" + CLUSTER, LONG_AGO, OTHERS + "cluster/" + CLUSTER, LONG_AGO)),
                0);
        stored(OTHERS);
        ecs.mirror().start();

        coordination.term(2);

        String ours = OURS + "cluster/" + CLUSTER;
        await(() -> coordination.confirmation().of(ours).orElseThrow().isAfter(LONG_AGO));
        await(() -> !ecs.reports().isEmpty());
        assertFalse(coordination.confirmation().clusters().containsKey(OTHERS + "cluster/" + CLUSTER));
        assertEquals(
                List.of(ours),
                ecs.reports().stream().map(ReconcileReport::clusterArn).toList());
        assertEquals(60, tasksOf(OTHERS));
    }

    @Test
    void anOwnerThatTheLeaderHasNotSeenYetIsFoundAtTheRegistration() {
        Home home = new Home();
        Ownership ownership = new Ownership(home, coordination);
        coordination.owner(OTHERS);
        home.clientReads(OURS + "cluster/" + CLUSTER);

        ownership.settle(1);

        assertFalse(ownership.isSettled(1));
        assertEquals(List.of(REFUSAL), coordination.resignations());
    }

    @Test
    void aLeaderOfAnEarlierVersionIsKnownByItsClusters() {
        Home home = new Home();
        confirm(OTHERS);

        new Ownership(home, coordination).follow();

        assertEquals(Optional.of(OTHERS), home.state());
    }

    private MirroredEcs mirrored(Consumer<ClusterMirrorBuilder> choices) {
        return MirroredEcs.of(
                time,
                Simulator.builder().seed(13).clusters(1).tasks(60).account("222222222222"),
                builder -> choices.accept(builder.store(store)));
    }

    /** A state of another account, all of it overdue. */
    private void stateOfOthers() {
        coordination.owner(OTHERS);
        confirm(OTHERS);
        stored(OTHERS);
    }

    private void confirm(String home) {
        coordination.confirm(
                new Confirmation(true, Optional.of(LONG_AGO), Map.of(home + "cluster/" + CLUSTER, LONG_AGO)), 1);
    }

    private void stored(String home) {
        store.store()
                .apply(IntStream.range(0, 60)
                        .mapToObj(i -> Upsert.of(
                                EntityKind.TASK, home + "cluster/" + CLUSTER, task(home, i), Origin.LOAD, LONG_AGO))
                        .toList());
    }

    private static Task task(String home, int i) {
        return Task.builder()
                .clusterArn(home + "cluster/" + CLUSTER)
                .taskArn(home + "task/" + CLUSTER + "/" + "%032d".formatted(i))
                .lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .version(3L)
                .build();
    }

    private long tasksOf(String home) {
        return store.snapshot().tasks().stream()
                .filter(task -> task.taskArn().startsWith(home))
                .count();
    }

    private static boolean isAboutOneCluster(String operation) {
        return !operation.endsWith("Clusters");
    }

    /** Waits until the client was checked so many times more. */
    private void awaitChecks(int times) {
        for (int i = 0; i < times; i++) {
            long before = ecs.simulator().calls().get("DescribeClusters");
            await(() -> {
                time.advance(Duration.ofMillis(100));
                coordination.link(StoreLink.State.LIVE); // wakes the loops, which wait for work by real time
                return ecs.simulator().calls().get("DescribeClusters") > before;
            });
        }
    }
}
