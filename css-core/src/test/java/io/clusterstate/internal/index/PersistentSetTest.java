package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares a persistent set with a {@link HashSet} in random histories, with good and with bad hashes. */
class PersistentSetTest {

    /** From an id to a hash: all apart, few, one, all alike below, all alike above, the extremes. */
    private static final List<IntUnaryOperator> HASHES = List.of(
            id -> id * 0x9E3779B9,
            id -> id,
            id -> id % 7,
            id -> 42,
            id -> id << 24,
            id -> id & 0xF,
            id -> id % 2 == 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE);

    /** An element that hashes as a test wants. */
    private record Element(int id, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** One version of the set and what has to be in it. */
    private record Version(PersistentSet<Element> set, Set<Element> model) {
        void check() {
            assertEquals(model.size(), set.size());
            assertEquals(model.isEmpty(), set.isEmpty());
            model.forEach(element -> assertTrue(set.contains(new Element(element.id(), element.hash()))));
            List<Element> elements = elementsOf(set);
            assertEquals(model.size(), elements.size());
            assertEquals(model, new HashSet<>(elements));
            assertEquals(elements, elementsOf(set), "the same order each time");
            SetShape.check(set);
        }
    }

    @Test
    @Tag("soak")
    void everyHistoryEndsAsThatOfAHashSet() {
        Seeds.forEach(Soak.size("histories of a set", 60, 200), random -> {
            for (Version version : history(random)) {
                version.check();
                new Version(PersistentSet.of(List.copyOf(version.model())), version.model()).check();
            }
        });
    }

    @Test
    void aSetThatShrinksGivesItsRoomBack() {
        PersistentSet<Integer> set = PersistentSet.empty();
        for (int i = 0; i < 20_000; i++) {
            set = set.with(i);
        }
        assertTrue(SetShape.nodesOf(set) > 400);

        for (int i = 0; i < 19_990; i++) {
            set = set.without(i);
        }

        assertEquals(1, SetShape.nodesOf(set));
        assertEquals(10, set.size());
        for (int i = 19_990; i < 20_000; i++) {
            assertTrue(set.contains(i));
        }
    }

    @Test
    void aChangeThatChangesNothingGivesTheSameSet() {
        PersistentSet<Element> set = PersistentSet.<Element>empty().with(new Element(1, 1));

        assertSame(set, set.with(new Element(1, 1)));
        assertSame(set, set.without(new Element(2, 1)));
        assertSame(set, set.without(new Element(2, 2)));
        assertSame(PersistentSet.empty(), set.without(new Element(1, 1)));
        assertSame(PersistentSet.empty(), PersistentSet.of(List.of()));
    }

    @Test
    void anIteratorEnds() {
        Iterator<String> none = PersistentSet.<String>empty().iterator();
        Iterator<String> one = PersistentSet.<String>empty().with("x").iterator();

        assertFalse(none.hasNext());
        assertThrows(NoSuchElementException.class, none::next);
        assertEquals("x", one.next());
        assertFalse(one.hasNext());
        assertThrows(NoSuchElementException.class, one::next);
    }

    private static List<Version> history(Random random) {
        IntUnaryOperator hash = HASHES.get(random.nextInt(HASHES.size()));
        int ids = 1 + random.nextInt(1_000);
        List<Version> kept = new ArrayList<>();
        PersistentSet<Element> set = PersistentSet.empty();
        Set<Element> model = new HashSet<>();
        for (int phase = 0; phase < 4; phase++) {
            int shareOfRemovals = random.nextInt(10);
            for (int i = random.nextInt(2_000); i > 0; i--) {
                int id = random.nextInt(ids);
                Element element = new Element(id, hash.applyAsInt(id));
                boolean isRemoval = random.nextInt(10) < shareOfRemovals;
                set = isRemoval ? set.without(element) : set.with(element);
                if (isRemoval) {
                    model.remove(element);
                } else {
                    model.add(element);
                }
                assertEquals(!isRemoval, set.contains(element));
            }
            kept.add(new Version(set, new HashSet<>(model)));
        }
        return kept;
    }

    private static <E> List<E> elementsOf(PersistentSet<E> set) {
        List<E> elements = new ArrayList<>();
        set.iterator().forEachRemaining(elements::add);
        return elements;
    }
}
