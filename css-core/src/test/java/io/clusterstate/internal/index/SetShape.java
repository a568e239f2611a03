package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

/** The invariants of a persistent set's nodes. */
final class SetShape {

    private SetShape() {}

    /** Fails unless every node keeps the limits that the set promises. */
    static void check(PersistentSet<?> set) {
        check(Fields.read(set, "root", Object[].class));
    }

    /** How many arrays the set is made of. */
    static int nodesOf(PersistentSet<?> set) {
        return count(Fields.read(set, "root", Object[].class));
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
        int elements = 0;
        Set<Integer> hashes = new HashSet<>();
        for (Object element : node) {
            if (element != null) {
                elements++;
                hashes.add(element.hashCode());
            }
        }
        assertEquals(1, Integer.bitCount(node.length), "a power of two");
        assertTrue(elements * 4 <= node.length * 3, "at most three quarters full, so that a search ends");
        assertTrue(
                elements * PersistentSet.SPARSE >= node.length || (elements == 0 && node.length == 2),
                "not so empty that it wastes room");
        assertTrue(
                elements <= PersistentMap.LEAF_ENTRIES || hashes.size() <= 4,
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
