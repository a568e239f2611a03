package io.clusterstate.internal.index;

import static io.clusterstate.internal.index.PersistentMap.BRANCH_BITS;
import static io.clusterstate.internal.index.PersistentMap.FAN_OUT;
import static io.clusterstate.internal.index.PersistentMap.FIRST_SHIFT;
import static io.clusterstate.internal.index.PersistentMap.LEAF_ENTRIES;
import static io.clusterstate.internal.index.PersistentMap.childOf;
import static io.clusterstate.internal.index.PersistentMap.isKey;
import static io.clusterstate.internal.index.PersistentMap.spread;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/**
 * An immutable hash set. Every change creates a new set that shares all unchanged parts with the old one. It has the
 * shape of a {@link PersistentMap}, but a leaf holds elements alone, so that a change copies half as much.
 *
 * @param <E> elements, with {@code equals} and {@code hashCode}
 */
@NullUnmarked // empty slots of the bare arrays are null, which annotations cannot express
final class PersistentSet<E> {

    /** A leaf with fewer elements than its length divided by this is made smaller. */
    static final int SPARSE = 8;

    private static final int SMALLEST_LEAF = 2;
    private static final PersistentSet<?> EMPTY = new PersistentSet<>(new Object[SMALLEST_LEAF], 0);

    private final Object[] root;
    private final int size;

    private PersistentSet(Object[] root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // empty, so of any type
    static <E> PersistentSet<E> empty() {
        return (PersistentSet<E>) EMPTY;
    }

    /** Builds a set of these distinct elements at once. */
    static <E> PersistentSet<E> of(List<E> elements) {
        return elements.isEmpty()
                ? empty()
                : new PersistentSet<>(build(elements.toArray(), FIRST_SHIFT), elements.size());
    }

    private static Object[] build(Object[] elements, int shift) {
        if (elements.length <= LEAF_ENTRIES || shift < 0) {
            Object[] leaf = newLeaf(elements.length);
            for (Object element : elements) {
                insert(leaf, element);
            }
            return leaf;
        }
        Object[][] parts = partsOf(elements, shift);
        for (int child = 0; child < FAN_OUT; child++) {
            parts[child] = parts[child].length == 0 ? null : build(parts[child], shift - BRANCH_BITS);
        }
        return parts;
    }

    /** Splits elements by the child of a branch that they belong to. */
    private static Object[][] partsOf(Object[] elements, int shift) {
        int[] lengths = new int[FAN_OUT];
        for (Object element : elements) {
            lengths[childOf(hashOf(element), shift)]++;
        }
        Object[][] parts = new Object[FAN_OUT][];
        for (int child = 0; child < FAN_OUT; child++) {
            parts[child] = new Object[lengths[child]];
        }
        for (Object element : elements) {
            int child = childOf(hashOf(element), shift);
            lengths[child]--;
            parts[child][lengths[child]] = element;
        }
        return parts;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean contains(Object element) {
        int hash = hashOf(element);
        Object[] node = root;
        for (int shift = FIRST_SHIFT; node instanceof Object[][] branch; shift -= BRANCH_BITS) {
            node = branch[childOf(hash, shift)];
            if (node == null) {
                return false;
            }
        }
        return node[slotOf(node, element)] != null;
    }

    PersistentSet<E> with(E element) {
        return contains(element) ? this : new PersistentSet<>(add(root, FIRST_SHIFT, element), size + 1);
    }

    PersistentSet<E> without(E element) {
        if (!contains(element)) {
            return this;
        }
        if (size == 1) {
            return empty();
        }
        Object[] smaller = remove(root, FIRST_SHIFT, element);
        boolean fitsLeaf = smaller instanceof Object[][] && size - 1 <= LEAF_ENTRIES / 4;
        return new PersistentSet<>(fitsLeaf ? asLeaf(smaller, size - 1) : smaller, size - 1);
    }

    /** Iterates over the elements in no particular order, which is always the same for a set. */
    Iterator<E> iterator() {
        return new LeafIterator<>(root, 0, 1);
    }

    private static Object[] add(Object[] node, int shift, Object element) {
        if (node instanceof Object[][] branch) {
            Object[][] copy = branch.clone();
            int child = childOf(hashOf(element), shift);
            Object[] below = copy[child] == null ? new Object[SMALLEST_LEAF] : copy[child];
            copy[child] = add(below, shift - BRANCH_BITS, element);
            return copy;
        }
        int elements = elementsOf(node) + 1;
        if (elements > LEAF_ENTRIES && shift >= 0) {
            return add(split(node, shift), shift, element);
        }
        Object[] larger = hasRoom(node.length, elements) ? node.clone() : rehash(node, newLeaf(elements));
        insert(larger, element);
        return larger;
    }

    private static Object[] remove(Object[] node, int shift, Object element) {
        if (node instanceof Object[][] branch) {
            Object[][] copy = branch.clone();
            int child = childOf(hashOf(element), shift);
            copy[child] = remove(copy[child], shift - BRANCH_BITS, element);
            return copy;
        }
        Object[] copy = node.clone();
        closeGap(copy, slotOf(node, element));
        int left = elementsOf(copy);
        return left * SPARSE < copy.length ? rehash(copy, newLeaf(left)) : copy;
    }

    /** Empties a slot, and moves up the elements behind it that a search would no longer reach. */
    private static void closeGap(Object[] leaf, int at) {
        int mask = leaf.length - 1;
        int gap = at;
        for (int i = (gap + 1) & mask; leaf[i] != null; i = (i + 1) & mask) {
            int home = hashOf(leaf[i]) & mask;
            if (((i - home) & mask) >= ((i - gap) & mask)) {
                leaf[gap] = leaf[i];
                gap = i;
            }
        }
        leaf[gap] = null;
    }

    private static Object[] split(Object[] leaf, int shift) {
        Object[][] branch = new Object[FAN_OUT][];
        for (Object element : leaf) {
            if (element != null) {
                int child = childOf(hashOf(element), shift);
                Object[] below = branch[child] == null ? new Object[SMALLEST_LEAF] : branch[child];
                branch[child] = add(below, shift - BRANCH_BITS, element);
            }
        }
        return branch;
    }

    private static Object[] asLeaf(Object[] node, int size) {
        Object[] leaf = newLeaf(size);
        new LeafIterator<>(node, 0, 1).forEachRemaining(element -> insert(leaf, element));
        return leaf;
    }

    /** Inserts into {@code target} all elements of {@code leaf}. */
    private static Object[] rehash(Object[] leaf, Object[] target) {
        for (Object element : leaf) {
            if (element != null) {
                insert(target, element);
            }
        }
        return target;
    }

    private static void insert(Object[] leaf, Object element) {
        int mask = leaf.length - 1;
        int i = hashOf(element) & mask;
        while (leaf[i] != null) {
            i = (i + 1) & mask;
        }
        leaf[i] = element;
    }

    /** The slot of an element; an empty slot if the leaf lacks it. */
    private static int slotOf(Object[] leaf, Object element) {
        int elementHash = element.hashCode();
        int mask = leaf.length - 1;
        int i = spread(elementHash) & mask;
        while (leaf[i] != null && !isKey(leaf[i], elementHash, element)) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private static int elementsOf(Object[] leaf) {
        int elements = 0;
        for (Object element : leaf) {
            if (element != null) {
                elements++;
            }
        }
        return elements;
    }

    /** Creates a leaf with room for a number of elements. */
    private static Object[] newLeaf(int elements) {
        int length = SMALLEST_LEAF;
        while (!hasRoom(length, elements)) {
            length <<= 1;
        }
        return new Object[length];
    }

    /** A leaf is up to three quarters full. */
    private static boolean hasRoom(int length, int elements) {
        return elements * 4 <= length * 3;
    }

    private static int hashOf(Object element) {
        return spread(element.hashCode());
    }
}
