package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeCause;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The difference of two snapshots. */
class SinceTest {

    @Test
    void enteredIntoWhatTheOlderOneHadItGivesWhatTheNewerOneHas() {
        Seeds.forEach(200, random -> {
            RandomWorld world = new RandomWorld(random).edit(random.nextInt(300));
            IndexedSnapshot older = world.snapshot().at(1);
            Map<String, Observed<?>> map = rowsOf(world);
            IndexedSnapshot newer = world.edit(random.nextInt(100)).snapshot().at(2);

            for (EntityChange<?> change : newer.since(older).changes()) {
                assertSame(map.get(change.arn()), change.before());
                if (change.after() == null) {
                    map.remove(change.arn());
                } else {
                    map.put(change.arn(), change.after());
                }
            }

            assertEquals(rowsOf(world), map);
        });
    }

    @Test
    void tellsOldAndNewValueAndWhy() {
        Observed<Task> gone = task("gone", 1, 1);
        Observed<Task> before = task("changed", 1, 2);
        Observed<Task> after = task("changed", 2, 4);
        Observed<Task> added = task("added", 1, 5);
        Snapshot older = IndexedSnapshot.EMPTY.with(gone).with(before).at(2);
        Snapshot newer = ((IndexedSnapshot) older)
                .without(EntityKind.TASK, gone.arn())
                .with(after)
                .with(added)
                .at(5);

        ChangeBatch difference = newer.since(older);

        assertEquals(ChangeBatch.Type.DIFFERENCE, difference.type());
        assertEquals(2, difference.since());
        assertEquals(5, difference.revision());
        assertSame(newer, difference.snapshot());
        Map<String, EntityChange<?>> changes = new HashMap<>();
        difference.changes().forEach(change -> changes.put(change.arn(), change));
        assertEquals(3, changes.size());
        assertEquals(
                new EntityChange<>(EntityKind.TASK, before, after, ChangeCause.EVENT, 4), changes.get(after.arn()));
        assertTrue(changes.get(added.arn()).isAddition());
        assertEquals(ChangeCause.UNKNOWN, changes.get(gone.arn()).cause());
        assertNull(changes.get(gone.arn()).after());
    }

    @Test
    void isEmptyBetweenEqualSnapshots() {
        Snapshot one = IndexedSnapshot.EMPTY.with(task("a", 1, 1)).at(1);

        assertEquals(List.of(), one.since(one).changes());
    }

    @Test
    void aNewerSnapshotIsRefused() {
        Snapshot newer = IndexedSnapshot.EMPTY.with(task("a", 1, 1)).at(9);

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> IndexedSnapshot.EMPTY.since(newer));

        assertEquals(
                "older: snapshot at revision 9: 1 tasks, 0 instances, 0 services, 0 clusters"
                        + " (expected: a snapshot of the same view, at most at revision 0)",
                refused.getMessage());
    }

    private static Observed<Task> task(String id, long version, long revision) {
        return Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", id, version))
                .at(revision);
    }

    private static Map<String, Observed<?>> rowsOf(RandomWorld world) {
        Map<String, Observed<?>> rows = new HashMap<>();
        EntityKind.all().forEach(kind -> world.rows(kind).forEach(row -> rows.put(row.arn(), row)));
        return rows;
    }
}
