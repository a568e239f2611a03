package io.clusterstate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Lookups beside the snapshot. The contract of the stores compares them with snapshots, also under concurrent writes.
 */
class LatestValuesTest {

    private final Observed<Task> first = task("first");
    private final Observed<Task> second = task("second");
    private final LatestValues values = new LatestValues();

    @Test
    void aChangeThatBrokeOffIsNotBelieved() {
        values.suspend();
        assertThrows(OutOfMemoryError.class, () -> values.follow(brokenOff()));

        assertFalse(values.isWhole());
        assertNull(find(first));

        SnapshotEditor editor = SnapshotEditor.of(SnapshotEditor.empty());
        editor.put(second);
        values.suspend();
        values.replace(editor.toSnapshot(2));

        assertNull(find(first), "a rest of the change");
        assertEquals(second.value(), find(second));
    }

    @Test
    void whileTablesChangeNothingIsBelieved() {
        values.suspend();
        values.follow(List.of(added(first)));
        assertEquals(first.value(), find(first));

        values.suspend();

        assertNull(find(first));
    }

    /** The value that a believing reader finds; null if the tables are not to be believed. */
    private Task find(Observed<Task> task) {
        long turn = values.turn();
        Task found = values.get(EntityKind.TASK, task.arn());
        return values.isBelievable(turn) ? found : null;
    }

    /** A list whose second element the heap has no room for. */
    private List<Applied> brokenOff() {
        return new AbstractList<>() {
            @Override
            public Applied get(int index) {
                if (index == 1) {
                    throw new OutOfMemoryError("in the middle of a batch");
                }
                return added(first);
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    private static Applied added(Observed<Task> task) {
        return new Applied(Entities.upsert(EntityKind.TASK, "prod", task.value()), Outcome.ADDED, null, task, 1);
    }

    private static Observed<Task> task(String id) {
        return Entities.upsert(EntityKind.TASK, "prod", Entities.task("prod", id, 1))
                .observed()
                .at(1);
    }
}
