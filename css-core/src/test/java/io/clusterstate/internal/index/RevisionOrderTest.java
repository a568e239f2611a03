package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RevisionOrderTest {

    private static final Observed<?> TASK = Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", "a", 1));

    @Test
    void changesOfOneRevisionKeepTheirOrder() {
        Seeds.forEach(50, random -> {
            List<EntityChange<?>> changes = new ArrayList<>();
            long base = random.nextLong() >>> random.nextInt(60);
            int size = random.nextInt(300);
            for (int i = 0; i < size; i++) {
                changes.add(at(base + random.nextInt(1 + size / 3)));
            }
            assertSorted(changes);
        });
    }

    @Test
    void revisionsMayBeFarApart() {
        assertSorted(changes(Long.MAX_VALUE, 0, 1L << 40, 5, 1L << 40, 1L << 62));
        assertSorted(changes((1L << 61) + 1, 1, 0, 1L << 61));
        assertSorted(changes(3, -1, Long.MIN_VALUE));
    }

    @Test
    void theResultIsImmutable() {
        List<EntityChange<?>> sorted = RevisionOrder.of(changes(2, 1));
        assertThrows(UnsupportedOperationException.class, sorted::clear);
        assertEquals(List.of(), RevisionOrder.of(List.of()));
    }

    private static List<EntityChange<?>> changes(long... revisions) {
        List<EntityChange<?>> changes = new ArrayList<>();
        LongStream.of(revisions).forEach(revision -> changes.add(at(revision)));
        return changes;
    }

    private static EntityChange<?> at(long revision) {
        return EntityChange.to(null, TASK.at(revision));
    }

    /** By identity, so that changes of one revision are told apart. */
    private static void assertSorted(List<EntityChange<?>> changes) {
        List<EntityChange<?>> expected = new ArrayList<>(changes);
        expected.sort(Comparator.comparingLong(EntityChange::revision));
        List<EntityChange<?>> sorted = RevisionOrder.of(changes);
        assertEquals(expected.size(), sorted.size());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), sorted.get(i), "at " + i);
        }
    }
}
