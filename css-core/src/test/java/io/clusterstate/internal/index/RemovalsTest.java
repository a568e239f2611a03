package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeCause;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Removed;
import io.clusterstate.testing.Entities;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemovalsTest {

    private static final int MOST = 2 * Removals.GENERATION;

    @Test
    void theNewestAreKeptAndTheOldestAreForgotten() {
        Removals removals = Removals.NONE;
        for (int i = 0; i < 5 * Removals.GENERATION; i++) {
            removals = removals.with(removed(i, 1));
            assertTrue(removals.young().size() + removals.old().size() <= MOST);
        }
        for (int i = 5 * Removals.GENERATION - 1; i >= 4 * Removals.GENERATION; i--) {
            assertTrue(removals.get(arn(i)) != null, "the newest");
        }
        assertEquals(null, removals.get(arn(0)));
    }

    @Test
    void theLastOfSeveralRemovalsOfOneEntityCounts() {
        Removals removals = Removals.NONE;
        for (int i = 0; i < Removals.GENERATION; i++) {
            removals = removals.with(removed(i, 1));
        }
        removals = removals.with(removed(0, 2));

        assertEquals(2, removals.get(arn(0)).last().version());
    }

    @Test
    void anEntityThatIsPresentIsNotRemoved() {
        Removed<?> removed = removed(1, 1);
        IndexedSnapshot without = IndexedSnapshot.EMPTY.with(removed.last()).without(removed);

        assertEquals(Optional.of(removed), without.removed(arn(1)));
        assertEquals(
                Optional.of(removed), without.at(7).with(removed(2, 1).last()).removed(arn(1)), "in every later one");
        assertEquals(Optional.empty(), without.with(removed.last()).removed(arn(1)));
        assertEquals(Optional.empty(), without.removed(arn(2)), "never seen");
    }

    private static Removed<?> removed(int id, long version) {
        Observed<?> last = Observed.of(
                EntityKind.TASK,
                Entities.clusterArn("prod"),
                Entities.task("prod", Integer.toString(id), version),
                Origin.EVENT,
                Entities.NOW);
        return new Removed<>(last, ChangeCause.MISSING, Entities.NOW);
    }

    private static String arn(int id) {
        return Entities.taskArn("prod", Integer.toString(id));
    }
}
