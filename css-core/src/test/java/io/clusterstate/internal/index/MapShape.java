package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

/** The invariants of a persistent map's nodes. */
final class MapShape {

    private MapShape() {}

    /** Fails unless every node keeps the limits that the map promises. */
    static void check(PersistentMap<?, ?> map) {
        check(Fields.read(map, "root", Object[].class));
    }

    /** How many arrays the map is made of. */
    static int nodesOf(PersistentMap<?, ?> map) {
        return count(Fields.read(map, "root", Object[].class));
    }

    private static void check(Object[] node) {
        if (node instanceof Object[][] branch) {
            assertEquals(PersistentMap.FAN_OUT, branch.length);
            for (Object[] child : branch) {
                if (child != null) {
                    check(child);
                }
            }
            return;
        }
        int entries = 0;
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < node.length; i += 2) {
            assertEquals(node[i] == null, node[i + 1] == null);
            if (node[i] != null) {
                entries++;
                hashes.add(node[i].hashCode());
            }
        }
        assertEquals(1, Integer.bitCount(node.length), "a power of two");
        assertTrue(entries * 8 <= node.length * 3, "at most three quarters full, so that a search ends");
        assertTrue(
                entries * PersistentMap.SPARSE >= node.length || (entries == 0 && node.length == 4),
                "not so empty that it wastes room");
        assertTrue(
                entries <= PersistentMap.LEAF_ENTRIES || hashes.size() <= 4,
                "only hashes of equal upper bits share a leaf beyond its limit");
    }

    private static int count(Object[] node) {
        int nodes = 1;
        if (node instanceof Object[][] branch) {
            for (Object[] child : branch) {
                nodes += child == null ? 0 : count(child);
            }
        }
        return nodes;
    }
}
