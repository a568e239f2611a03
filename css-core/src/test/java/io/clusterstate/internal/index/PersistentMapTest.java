package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares a persistent map with a {@link HashMap} in random histories, with good and with bad hashes. */
class PersistentMapTest {

    /** From an id to a hash: all apart, few, one, all alike below, all alike above, the extremes. */
    private static final List<IntUnaryOperator> HASHES = List.of(
            id -> id * 0x9E3779B9,
            id -> id,
            id -> id % 7,
            id -> 42,
            id -> id << 24,
            id -> id & 0xF,
            id -> id % 2 == 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE);

    /** A key that hashes as a test wants. */
    private record Key(int id, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** A key that counts how often keys are looked at. */
    private record CountedKey(int id, AtomicInteger asked) {
        @Override
        public int hashCode() {
            asked.incrementAndGet();
            return id * 0x9E3779B9;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof CountedKey that && that.id == id;
        }
    }

    /** One version of the map and what has to be in it. */
    private record Version(PersistentMap<Key, Integer> map, Map<Key, Integer> model) {
        void check() {
            assertEquals(model.size(), map.size());
            assertEquals(model.isEmpty(), map.isEmpty());
            model.forEach((key, value) -> assertEquals(value, map.get(key)));
            assertEquals(model, entriesOf(map));
            assertEquals(sorted(model.values()), sorted(valuesOf(map)));
            MapShape.check(map);
        }
    }

    @Test
    @Tag("soak")
    void everyHistoryEndsAsThatOfAHashMap() {
        Seeds.forEach(Soak.size("histories of a map", 60, 200), random -> {
            for (Version version : history(random)) {
                version.check();
                new Version(PersistentMap.copyOf(version.model()), version.model()).check();
            }
        });
    }

    @Test
    @Tag("soak")
    void theDifferencesOfTwoVersionsAreThoseOfTheirModels() {
        Seeds.forEach(Soak.size("histories of a map", 60, 200), random -> {
            List<Version> history = history(random);
            Version older = history.get(random.nextInt(history.size()));
            Version newer = history.get(random.nextInt(history.size()));

            List<String> changed = new ArrayList<>();
            List<Integer> gone = new ArrayList<>();
            List<Integer> added = new ArrayList<>();
            newer.map().differences(older.map(), (before, after) -> {
                if (after == null) {
                    gone.add(before);
                } else if (before == null) {
                    added.add(after);
                } else if (!before.equals(after)) { // also reported for an equal object
                    changed.add(before + " -> " + after);
                }
            });

            Map<Key, Integer> left = new HashMap<>(older.model());
            List<Integer> expectedAdded = new ArrayList<>();
            List<String> expectedChanged = new ArrayList<>();
            newer.model().forEach((key, value) -> {
                Integer before = left.remove(key);
                if (before == null) {
                    expectedAdded.add(value);
                } else if (!before.equals(value)) {
                    expectedChanged.add(before + " -> " + value);
                }
            });
            assertEquals(sorted(left.values()), sorted(gone));
            assertEquals(sorted(expectedAdded), sorted(added));
            assertEquals(sorted(expectedChanged), sorted(changed));
        });
    }

    @Test
    void whatTwoVersionsShareIsNotLookedAtForTheirDifference() {
        AtomicInteger asked = new AtomicInteger();
        PersistentMap<CountedKey, Integer> older = PersistentMap.empty();
        for (int i = 0; i < 100_000; i++) {
            older = older.with(new CountedKey(i, asked), i);
        }
        PersistentMap<CountedKey, Integer> newer = older.with(new CountedKey(70_000, asked), -1);
        List<Integer> seen = new ArrayList<>();
        asked.set(0);

        newer.differences(older, (before, after) -> seen.addAll(List.of(before, after)));

        assertEquals(List.of(70_000, -1), seen);
        assertTrue(asked.get() <= 4 * PersistentMap.LEAF_ENTRIES, () -> "keys looked at: " + asked);
    }

    @Test
    void keysThatAllCollideAreAllFound() {
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        Map<Key, Integer> model = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            map = map.with(new Key(i, 7), i);
            model.put(new Key(i, 7), i);
        }
        new Version(map, model).check();

        for (int i = 0; i < 500; i++) {
            map = map.without(new Key(i, 7));
            assertNull(map.get(new Key(i, 7)));
        }
        assertTrue(map.isEmpty());
    }

    @Test
    void aMapThatShrinksGivesItsRoomBack() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 20_000; i++) {
            map = map.with(i, i);
        }
        assertTrue(MapShape.nodesOf(map) > 400);

        for (int i = 0; i < 19_990; i++) {
            map = map.without(i);
        }

        assertEquals(1, MapShape.nodesOf(map));
        assertEquals(10, map.size());
        for (int i = 19_990; i < 20_000; i++) {
            assertEquals(i, map.get(i));
        }
    }

    @Test
    void removingWhatIsNotThereGivesTheSameMap() {
        PersistentMap<Key, Integer> map = PersistentMap.<Key, Integer>empty().with(new Key(1, 1), 1);

        assertSame(map, map.without(new Key(2, 1)));
        assertSame(map, map.without(new Key(2, 2)));
        assertSame(PersistentMap.empty(), PersistentMap.empty().without("x"));
    }

    @Test
    void theLastEntryLeavesTheEmptyMap() {
        assertSame(PersistentMap.empty(), PersistentMap.empty().with("x", "y").without("x"));
    }

    @Test
    void anEqualKeyReplacesTheValue() {
        PersistentMap<String, String> one =
                PersistentMap.<String, String>empty().with("key", "before");

        PersistentMap<String, String> other = one.with(String.valueOf(new char[] {'k', 'e', 'y'}), "after");

        assertEquals("before", one.get("key"));
        assertEquals("after", other.get("key"));
        assertEquals(1, other.size());
    }

    @Test
    void theSameMapIsIteratedInTheSameOrder() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 1_000; i++) {
            map = map.with(i, i);
        }

        assertEquals(valuesOf(map), valuesOf(map));
    }

    @Test
    void anIteratorEnds() {
        Iterator<String> none = PersistentMap.<String, String>empty().values();
        Iterator<String> one =
                PersistentMap.<String, String>empty().with("x", "y").values();

        assertFalse(none.hasNext());
        assertThrows(NoSuchElementException.class, none::next);
        assertEquals("y", one.next());
        assertFalse(one.hasNext());
        assertThrows(NoSuchElementException.class, one::next);
    }

    private static List<Version> history(Random random) {
        IntUnaryOperator hash = HASHES.get(random.nextInt(HASHES.size()));
        int ids = 1 + random.nextInt(1_000);
        List<Version> kept = new ArrayList<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        Map<Key, Integer> model = new HashMap<>();
        for (int phase = 0; phase < 4; phase++) {
            int shareOfRemovals = random.nextInt(10);
            for (int i = random.nextInt(2_000); i > 0; i--) {
                int id = random.nextInt(ids);
                Key key = new Key(id, hash.applyAsInt(id));
                if (random.nextInt(10) < shareOfRemovals) {
                    map = map.without(key);
                    model.remove(key);
                } else {
                    map = map.with(key, i);
                    model.put(key, i);
                }
            }
            kept.add(new Version(map, new HashMap<>(model)));
        }
        return kept;
    }

    private static <V> Map<Key, V> entriesOf(PersistentMap<Key, V> map) {
        Map<Key, V> entries = new HashMap<>();
        map.forEach((key, value) -> assertNull(entries.put(key, value), "key twice"));
        return entries;
    }

    private static <V> List<V> valuesOf(PersistentMap<?, V> map) {
        List<V> values = new ArrayList<>();
        map.values().forEachRemaining(values::add);
        return values;
    }

    private static <V extends Comparable<V>> List<V> sorted(Iterable<V> values) {
        List<V> sorted = new ArrayList<>();
        values.forEach(sorted::add);
        Collections.sort(sorted);
        return sorted;
    }
}
