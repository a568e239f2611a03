package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Clusters of which a mirror hears by the changes of its shared store, which another mirror has written. */
class NewClustersTest {

    private static final String CLUSTER = "default";
    /** Longer than the least time between two lists. */
    private static final Duration A_LITTLE = ReconcileQueue.LEAST_GAP.plusSeconds(1);

    private final TestTime time = new TestTime();
    private final TestCoordination coordination = new TestCoordination();
    private final FencedStore store = new FencedStore(coordination, time);
    private final MirroredEcs ecs =
            MirroredEcs.of(time, Simulator.builder().seed(13).clusters(1).tasks(60), builder -> builder.store(store)
                    .clusters(Clusters.matching(NewClustersTest::isSelected)));

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    void theLeaderListsAClusterThatOnlyAFollowerHearsOf() throws Exception {
        ecs.ready();
        String arn = newCluster("fresh");
        time.advance(A_LITTLE);

        heardByAnother(taskOf(arn, "RUNNING"));

        await(() -> ecs.mirror().status().reconciles().containsKey(arn));
        assertEquals(2, lists());
    }

    @Test
    void nothingElseCausesAList() throws Exception {
        ecs.ready();
        time.advance(A_LITTLE);

        heardByAnother(taskOf(ecs.anyTask(CLUSTER).clusterArn(), "RUNNING"));
        heardByAnother(taskOf(newCluster("ended"), "STOPPED"));
        heardByAnother(taskOf(newCluster("not-selected"), "RUNNING"));

        time.advance(A_LITTLE);
        String arn = newCluster("fresh");
        heardByAnother(taskOf(arn, "RUNNING"));
        await(() -> ecs.mirror().status().reconciles().containsKey(arn));
        assertEquals(2, lists());
    }

    @Test
    void aSelectionThatFailsFailsNoWrite() throws Exception {
        ecs.ready();

        heardByAnother(taskOf(newCluster("throws"), "RUNNING"));
        heardByAnother(taskOf(newCluster("fails"), "RUNNING"));

        assertEquals(1, ecs.snapshot().tasks().in("throws").count());
        assertEquals(1, ecs.snapshot().tasks().in("fails").count());
    }

    @Test
    void afterAReloadOfTheStoreAnyClusterMayBeNew() throws Exception {
        ecs.ready();
        time.advance(A_LITTLE);

        ChangeJournal journal = store.journal();
        journal.restart(
                SnapshotEditor.of(journal.snapshot())
                        .toSnapshot(journal.snapshot().revision() + 1),
                1);

        await(() -> lists() == 2);
    }

    @Test
    void aBatchWithoutEffectIsNoReload() throws Exception {
        ecs.ready();
        time.advance(A_LITTLE);
        ChangeJournal journal = store.journal();
        journal.publish(
                SnapshotEditor.of(journal.snapshot())
                        .toSnapshot(journal.snapshot().revision() + 1),
                List.of());

        time.advance(A_LITTLE);
        ecs.reconcileAll();

        assertEquals(2, lists());
    }

    @Test
    void aFollowerLeavesTheListToTheLeader() throws Exception {
        ecs.ready();
        coordination.term(0);
        String arn = newCluster("fresh");
        time.advance(A_LITTLE);

        heardByAnother(taskOf(arn, "RUNNING"));

        assertEquals(1, lists());
        coordination.term(2);
        await(() -> ecs.mirror().status().reconciles().containsKey(arn));
    }

    /** A change that reaches the store by another process. */
    private void heardByAnother(Task task) {
        store.store().apply(List.of(Upsert.of(EntityKind.TASK, task.clusterArn(), task, Origin.EVENT, time.instant())));
    }

    private static boolean isSelected(String clusterArn) {
        if (clusterArn.endsWith("/throws")) {
            throw new IllegalStateException("by the test");
        }
        if (clusterArn.endsWith("/fails")) {
            throw new AssertionError("by the test");
        }
        return !clusterArn.endsWith("/not-selected");
    }

    private String newCluster(String name) {
        return ecs.world()
                .ecs()
                .createCluster(request -> request.clusterName(name))
                .cluster()
                .clusterArn();
    }

    private static Task taskOf(String clusterArn, String status) {
        return Task.builder()
                .clusterArn(clusterArn)
                .taskArn(clusterArn.replace(":cluster/", ":task/") + "/0123456789abcdef0123456789abcdef")
                .lastStatus(status)
                .desiredStatus(status)
                .version(3L)
                .build();
    }

    private long lists() {
        return ecs.simulator().calls().get("ListClusters");
    }
}
