package io.clusterstate.micrometer;

import static io.clusterstate.micrometer.EntityCounts.MOST_CLUSTERS;
import static io.clusterstate.micrometer.EntityCounts.OTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.micrometer.EntityCounts.Row;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Counts by cluster, kind and status. */
class EntityCountsTest {

    private final EntityCounts counts = new EntityCounts(new Semaphore(MOST_CLUSTERS));
    private Snapshot now = SnapshotEditor.empty();

    @Test
    void entitiesAreCountedByClusterKindAndStatus() {
        cluster("a");
        task("a", "t1", "RUNNING");
        task("a", "t2", "RUNNING");
        task("a", "t3", "PENDING");
        put(Entities.definition(Entities.definition("a", "web", 1)));

        assertEquals(
                Map.of(
                        new Row("a", "cluster", "ACTIVE"), 1,
                        new Row("a", "task", "RUNNING"), 2,
                        new Row("a", "task", "PENDING"), 1,
                        new Row("", "task-definition", "ACTIVE"), 1),
                counts.update(now));
    }

    @Test
    void aStatusThatNoneHasAnyMoreStaysAtZeroUntilItsClusterLeaves() {
        cluster("a");
        task("a", "t1", "PENDING");
        counts.update(now);

        task("a", "t1", "RUNNING");
        assertEquals(0, counts.update(now).get(new Row("a", "task", "PENDING")));

        now = SnapshotEditor.of(SnapshotEditor.empty()).toSnapshot(9);
        assertFalse(counts.update(now).containsKey(new Row("a", "task", "PENDING")));
    }

    @Test
    void clustersBeyondTheLimitAreSummedAndTheFirstKeepTheirRows() {
        for (int i = 100; i < 100 + MOST_CLUSTERS; i++) {
            cluster("c" + i);
            task("c" + i, "t", "RUNNING");
        }
        counts.update(now);
        cluster("a1"); // before the others in the alphabet
        task("a1", "t1", "RUNNING");
        cluster("a2");
        task("a2", "t1", "RUNNING");
        task("a2", "t2", "STOPPED");

        Map<Row, Integer> counted = counts.update(now);

        assertEquals(2, counted.get(new Row(OTHER, "task", "RUNNING")));
        assertEquals(1, counted.get(new Row(OTHER, "task", "STOPPED")));
        assertEquals(2, counted.get(new Row(OTHER, "cluster", "ACTIVE")));
        assertEquals(1, counted.get(new Row("c100", "task", "RUNNING")));
        assertEquals(2 * MOST_CLUSTERS + 3, counted.size());
    }

    @Test
    void theLimitHoldsForAllViewsTogetherAndAClusterThatLeavesMakesRoom() {
        Semaphore one = new Semaphore(1);
        EntityCounts first = new EntityCounts(one);
        EntityCounts second = new EntityCounts(one);
        cluster("a");

        assertTrue(first.update(now).containsKey(new Row("a", "cluster", "ACTIVE")));
        assertEquals(Map.of(new Row(OTHER, "cluster", "ACTIVE"), 1), second.update(now));

        first.update(SnapshotEditor.empty());
        assertEquals(1, second.update(now).get(new Row("a", "cluster", "ACTIVE")));
    }

    @Test
    void aStatusOfALaterEcsAndATaskWithoutAClusterInTheViewAreCounted() {
        cluster("a");
        task("a", "t1", "HIBERNATING");
        task("unseen", "t1", "RUNNING");

        Map<Row, Integer> counted = counts.update(now);

        assertEquals(1, counted.get(new Row("a", "task", OTHER)));
        assertEquals(1, counted.get(new Row(OTHER, "task", "RUNNING")));
    }

    private void cluster(String name) {
        put(Entities.observed(EntityKind.CLUSTER, name, Entities.cluster(name)));
    }

    private void task(String cluster, String id, String status) {
        put(Entities.observed(EntityKind.TASK, cluster, Entities.task(cluster, id, task -> task.lastStatus(status))));
    }

    private void put(Observed<?> entity) {
        now = SnapshotEditor.of(now).put(entity).toSnapshot(now.revision() + 1);
    }
}
