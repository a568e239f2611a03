package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.NotReadyException;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.DelegatingStore;
import io.clusterstate.testing.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Doubts that keep a view from becoming ready or fresh: an unclear answer about a cluster, a list that contradicts the
 * cluster's own count.
 */
class LoadDoubtsTest {

    private static final String CLUSTER = "default";

    @Test
    @Promise(5)
    void aListedClusterOfWhichTheAnswerIsUnclearIsAwaited() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(two())) {
            String arn = clusterArn(ecs);
            ecs.simulator().faults().refuseAbout(arn, "ACCESS_DENIED");
            ecs.mirror().start();
            await(() -> ecs.mirror().status().failure().orElse("").contains("ACCESS_DENIED"));
            assertFalse(ecs.view().isReady());

            ecs.simulator().faults().forgive(arn);
            ecs.reconcileAll();

            ecs.view().awaitReady(MirroredEcs.LIMIT);
            assertEquals(ecs.trueTaskArns(CLUSTER), ecs.taskArns(CLUSTER));
        }
    }

    @ParameterizedTest
    @CsvSource({"ListTasks,4", "ListServices,2", "ListContainerInstances,2"})
    @Promise({5, 6})
    void anEmptyListOfWhatEcsCountsIsNotBelieved(String operation, int calls) throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(two())) {
            ecs.simulator().faults().emptyNext(operation, calls); // of both clusters
            ecs.mirror().start();
            await(() -> ecs.mirror().status().reconciles().size() == 2);
            assertTrue(ecs.mirror().status().failure().orElseThrow().contains("DescribeClusters counts"));
            assertFalse(ecs.view().isReady());

            ecs.reconcileAll();

            ecs.view().awaitReady(MirroredEcs.LIMIT);
            assertEquals(ecs.trueTaskArns(CLUSTER), ecs.taskArns(CLUSTER));
            assertEquals(
                    ecs.simulator().truth().services().size(),
                    ecs.snapshot().services().count());
            assertEquals(
                    ecs.simulator().truth().instances().size(),
                    ecs.snapshot().instances().count());
        }
    }

    @Test
    @Promise(6)
    void anEmptyListThatStaysIsBelievedAfterTheAllowance() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(two())) {
            ecs.simulator().faults().emptyNext("ListTasks", 1_000);
            ecs.mirror().start();
            await(() -> ecs.mirror().status().failure().orElse("").contains("believed after PT5M"));
            assertThrows(NotReadyException.class, ecs::snapshot);

            ecs.time().advance(MirroredEcs.A_WHILE);
            ecs.reconcileAll();

            ecs.view().awaitReady(MirroredEcs.LIMIT);
            assertEquals(0, ecs.snapshot().tasks().count());
        }
    }

    @Test
    @Promise(6)
    void whatTheStoreRefusesLeavesFreshnessWhereItIs() throws Exception {
        RefusingStore store = new RefusingStore();
        try (MirroredEcs ecs =
                MirroredEcs.of(two(), builder -> builder.store(store)).ready()) {
            Task changed = ecs.anyTask(CLUSTER);
            Optional<java.time.Instant> before = ecs.view().freshness().upTo(CLUSTER);
            ecs.simulator().faults().sqsOutage(true);
            ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(changed.taskArn()));
            store.refused = changed.taskArn();

            ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

            assertTrue(report.failure().orElseThrow().contains("the store refuses"), report.toString());
            assertEquals(before, ecs.view().freshness().upTo(CLUSTER));
            store.refused = "";
            assertTrue(ecs.reconcile(CLUSTER).isComplete());
        }
    }

    @Test
    void nothingIsComparedBeforeTheStartAndWhoAsksIsToldSo() {
        try (MirroredEcs ecs = MirroredEcs.of(two())) {
            for (var asked : List.of(ecs.mirror().reconcileNow(), ecs.mirror().reconcileNow(CLUSTER))) {
                ExecutionException refused =
                        assertThrows(ExecutionException.class, () -> asked.get(30, TimeUnit.SECONDS));
                assertEquals(
                        "reconcileNow: the mirror is LATENT (expected: started)",
                        refused.getCause().getMessage());
            }
        }
    }

    private static SimulatorBuilder two() {
        return Simulator.builder().seed(11).clusters(2).tasks(120);
    }

    private static String clusterArn(MirroredEcs ecs) {
        return ecs.simulator().truth().clusters().stream()
                .map(Cluster::clusterArn)
                .filter(arn -> EcsArn.isNamed(arn, CLUSTER))
                .findFirst()
                .orElseThrow();
    }

    /** A store that cannot keep one entity, as when that is larger than the store's limit. */
    private static final class RefusingStore implements DelegatingStore {

        private final ReferenceStore store = new ReferenceStore();
        private volatile String refused = "";

        @Override
        public List<Applied> apply(List<? extends Change<?>> changes) {
            return changes.stream().map(this::apply).toList();
        }

        private Applied apply(Change<?> change) {
            return change.arn().equals(refused)
                    ? new Applied(
                            change, Outcome.REFUSED, null, null, snapshot().revision())
                    : store.apply(List.of(change)).get(0);
        }

        @Override
        public StateStore store() {
            return store;
        }
    }
}
