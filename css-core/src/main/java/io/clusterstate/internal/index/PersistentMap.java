package io.clusterstate.internal.index;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map. Every change creates a new map that shares all unchanged parts with the old one.
 *
 * <p><b>Shape.</b> A tree of two kinds of node, both bare arrays, so that a lookup follows few references. A leaf is an
 * open-addressed table ({@code key, value, key, value, …}) of up to {@value #LEAF_ENTRIES} entries. A branch has
 * {@value #FAN_OUT} children, chosen by the next six of the hash's upper bits; a leaf probes by the lower bits. A leaf
 * that grows over its limit becomes a branch; when the hash has no bits left, a leaf grows instead.
 *
 * <p>A lookup at 100,000 entries passes two branches, which stay in the processor's cache, and one leaf. A change
 * copies these three, whatever the size of the map.
 *
 * @param <K> keys, with {@code equals} and {@code hashCode}
 * @param <V> values
 */
@NullUnmarked // empty slots of the bare arrays are null, which annotations cannot express
final class PersistentMap<K, V> {

    static final int LEAF_ENTRIES = 48;
    static final int FAN_OUT = 64;

    static final int BRANCH_BITS = 6;
    static final int FIRST_SHIFT = 26;
    private static final int SMALLEST_LEAF = 4;
    /** A leaf with fewer entries than its length divided by this is made smaller. */
    static final int SPARSE = 16;

    private static final Object[] NONE = new Object[0];
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(new Object[SMALLEST_LEAF], 0);

    private final Object[] root;
    private final int size;

    private PersistentMap(Object[] root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // empty, so of any type
    static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** Builds a map at once; it equals the map that results from putting the entries one by one. */
    static <K, V> PersistentMap<K, V> copyOf(Map<K, V> entries) {
        if (entries.isEmpty()) {
            return empty();
        }
        Object[] flat = new Object[entries.size() * 2];
        int next = 0;
        for (Map.Entry<K, V> entry : entries.entrySet()) {
            flat[next] = entry.getKey();
            flat[next + 1] = entry.getValue();
            next += 2;
        }
        return new PersistentMap<>(build(flat, FIRST_SHIFT), entries.size());
    }

    /** Builds the node for alternating keys and values. */
    private static Object[] build(Object[] flat, int shift) {
        int entries = flat.length / 2;
        if (entries <= LEAF_ENTRIES || shift < 0) {
            Object[] leaf = newLeaf(entries);
            for (int i = 0; i < flat.length; i += 2) {
                insert(leaf, spread(flat[i].hashCode()), flat[i], flat[i + 1]);
            }
            return leaf;
        }
        Object[][] parts = partsOf(flat, shift);
        for (int child = 0; child < FAN_OUT; child++) {
            parts[child] = parts[child].length == 0 ? null : build(parts[child], shift - BRANCH_BITS);
        }
        return parts;
    }

    /** Splits alternating keys and values by the child of a branch that they belong to. */
    private static Object[][] partsOf(Object[] flat, int shift) {
        int[] lengths = new int[FAN_OUT];
        for (int i = 0; i < flat.length; i += 2) {
            lengths[childOf(spread(flat[i].hashCode()), shift)] += 2;
        }
        Object[][] parts = new Object[FAN_OUT][];
        for (int child = 0; child < FAN_OUT; child++) {
            parts[child] = new Object[lengths[child]];
        }
        for (int i = 0; i < flat.length; i += 2) {
            int child = childOf(spread(flat[i].hashCode()), shift);
            lengths[child] -= 2;
            parts[child][lengths[child]] = flat[i];
            parts[child][lengths[child] + 1] = flat[i + 1];
        }
        return parts;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @SuppressWarnings("unchecked") // a leaf holds K and V alternately
    @Nullable V get(Object key) {
        int keyHash = key.hashCode();
        int hash = spread(keyHash);
        Object[] node = root;
        for (int shift = FIRST_SHIFT; node instanceof Object[][] branch; shift -= BRANCH_BITS) {
            node = branch[childOf(hash, shift)];
            if (node == null) {
                return null;
            }
        }
        int mask = node.length - 1;
        for (int i = (hash << 1) & mask; ; i = (i + 2) & mask) {
            Object candidate = node[i];
            if (candidate == null) {
                return null;
            }
            if (isKey(candidate, keyHash, key)) {
                return (V) node[i + 1];
            }
        }
    }

    /** Compares hashes first: strings cache them, and the text of a long ARN is rarely in the processor's cache. */
    static boolean isKey(Object candidate, int keyHash, Object key) {
        return candidate == key || (candidate.hashCode() == keyHash && candidate.equals(key));
    }

    PersistentMap<K, V> with(K key, V value) {
        return get(key) == null ? withNew(key, value) : withReplaced(key, value);
    }

    /** Like {@link #with}, for a key that is certainly absent. */
    PersistentMap<K, V> withNew(K key, V value) {
        return new PersistentMap<>(add(root, FIRST_SHIFT, spread(key.hashCode()), key, value), size + 1);
    }

    /** Like {@link #with}, for a key that is certainly present. */
    PersistentMap<K, V> withReplaced(K key, V value) {
        return new PersistentMap<>(replace(root, FIRST_SHIFT, spread(key.hashCode()), key, value), size);
    }

    PersistentMap<K, V> without(K key) {
        return get(key) == null ? this : withoutPresent(key);
    }

    /** Like {@link #without}, for a key that is certainly present. */
    PersistentMap<K, V> withoutPresent(K key) {
        if (size == 1) {
            return empty();
        }
        Object[] smaller = remove(root, FIRST_SHIFT, spread(key.hashCode()), key);
        PersistentMap<K, V> result = new PersistentMap<>(smaller, size - 1);
        return smaller instanceof Object[][] && result.size <= LEAF_ENTRIES / 4 ? result.asLeaf() : result;
    }

    /** Calls {@code action} with every entry, in no particular order. */
    void forEach(BiConsumer<? super K, ? super V> action) {
        forEach(root, action);
    }

    /**
     * Calls {@code action} with the old and the new value of every key whose value is another object than in an older
     * map. A value is null where the key is absent. The parts that both maps share are skipped.
     */
    void differences(PersistentMap<K, V> older, BiConsumer<? super V, ? super V> action) {
        differences(older.root, root, action);
    }

    @SuppressWarnings("unchecked") // a leaf holds K and V alternately
    private static <V> void differences(Object[] old, Object[] now, BiConsumer<? super V, ? super V> action) {
        if (old == now) {
            return;
        }
        if (old instanceof Object[][] oldBranch && now instanceof Object[][] branch) {
            for (int i = 0; i < FAN_OUT; i++) {
                differences(orNone(oldBranch[i]), orNone(branch[i]), action);
            }
            return;
        }
        if (!(now instanceof Object[][]) && !(old instanceof Object[][])) {
            leafDifferences(old, now, action);
            return;
        }
        Map<Object, Object> before = new HashMap<>();
        forEach(old, before::put);
        forEach(now, (key, value) -> {
            Object was = before.isEmpty() ? null : before.remove(key); // a look at the key may be a look at main memory
            if (was != value) {
                action.accept((V) was, (V) value);
            }
        });
        before.values().forEach(gone -> action.accept((V) gone, null));
    }

    @SuppressWarnings("unchecked") // a leaf holds K and V alternately
    private static <V> void leafDifferences(Object[] old, Object[] now, BiConsumer<? super V, ? super V> action) {
        for (int i = 0; i < now.length; i += 2) {
            Object was = now[i] == null ? null : valueIn(old, now[i], i);
            if (was != now[i + 1]) {
                action.accept((V) was, (V) now[i + 1]);
            }
        }
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != null && valueIn(now, old[i], i) == null) {
                action.accept((V) old[i + 1], null);
            }
        }
    }

    /** The value of a key in a leaf, in which it probably has a certain slot; null if it is absent. */
    private static Object valueIn(Object[] leaf, Object key, int slot) {
        if (slot < leaf.length && leaf[slot] == key) {
            return leaf[slot + 1];
        }
        if (leaf.length == 0) {
            return null;
        }
        int keyHash = key.hashCode();
        int mask = leaf.length - 1;
        int i = (spread(keyHash) << 1) & mask;
        while (leaf[i] != null && !isKey(leaf[i], keyHash, key)) {
            i = (i + 2) & mask;
        }
        return leaf[i] == null ? null : leaf[i + 1];
    }

    private static Object[] orNone(Object[] node) {
        return node == null ? NONE : node;
    }

    /** Iterates over the values in no particular order, which is always the same for a map. */
    Iterator<V> values() {
        return new LeafIterator<>(root, 1, 2);
    }

    private PersistentMap<K, V> asLeaf() {
        Object[] leaf = newLeaf(size);
        forEach((key, value) -> insert(leaf, spread(key.hashCode()), key, value));
        return new PersistentMap<>(leaf, size);
    }

    private static Object[] add(Object[] node, int shift, int hash, Object key, Object value) {
        if (node instanceof Object[][] branch) {
            Object[][] copy = branch.clone();
            int child = childOf(hash, shift);
            Object[] below = copy[child] == null ? new Object[SMALLEST_LEAF] : copy[child];
            copy[child] = add(below, shift - BRANCH_BITS, hash, key, value);
            return copy;
        }
        int entries = entriesOf(node) + 1;
        if (entries > LEAF_ENTRIES && shift >= 0) {
            return add(split(node, shift), shift, hash, key, value);
        }
        Object[] larger = entries * 8 <= node.length * 3 ? node.clone() : rehash(node, newLeaf(entries));
        insert(larger, hash, key, value);
        return larger;
    }

    private static Object[] replace(Object[] node, int shift, int hash, Object key, Object value) {
        if (node instanceof Object[][] branch) {
            Object[][] copy = branch.clone();
            int child = childOf(hash, shift);
            copy[child] = replace(copy[child], shift - BRANCH_BITS, hash, key, value);
            return copy;
        }
        Object[] copy = node.clone();
        copy[indexOf(node, hash, key) + 1] = value;
        return copy;
    }

    private static Object[] remove(Object[] node, int shift, int hash, Object key) {
        if (node instanceof Object[][] branch) {
            Object[][] copy = branch.clone();
            int child = childOf(hash, shift);
            copy[child] = remove(copy[child], shift - BRANCH_BITS, hash, key);
            return copy;
        }
        Object[] copy = node.clone();
        closeGap(copy, indexOf(node, hash, key));
        int left = entriesOf(copy);
        return left * SPARSE < copy.length ? rehash(copy, newLeaf(left)) : copy;
    }

    /** Empties a slot, and moves up the entries behind it that a search would no longer reach. */
    private static void closeGap(Object[] leaf, int at) {
        int mask = leaf.length - 1;
        int gap = at;
        for (int i = (gap + 2) & mask; leaf[i] != null; i = (i + 2) & mask) {
            int home = (spread(leaf[i].hashCode()) << 1) & mask;
            if (((i - home) & mask) >= ((i - gap) & mask)) {
                leaf[gap] = leaf[i];
                leaf[gap + 1] = leaf[i + 1];
                gap = i;
            }
        }
        leaf[gap] = null;
        leaf[gap + 1] = null;
    }

    private static Object[][] split(Object[] leaf, int shift) {
        Object[][] branch = new Object[FAN_OUT][];
        for (int i = 0; i < leaf.length; i += 2) {
            Object key = leaf[i];
            if (key != null) {
                int hash = spread(key.hashCode());
                int child = childOf(hash, shift);
                Object[] below = branch[child] == null ? new Object[SMALLEST_LEAF] : branch[child];
                branch[child] = add(below, shift - BRANCH_BITS, hash, key, leaf[i + 1]);
            }
        }
        return branch;
    }

    /** Inserts into {@code target} all entries of {@code leaf}. */
    private static Object[] rehash(Object[] leaf, Object[] target) {
        for (int i = 0; i < leaf.length; i += 2) {
            Object key = leaf[i];
            if (key != null) {
                insert(target, spread(key.hashCode()), key, leaf[i + 1]);
            }
        }
        return target;
    }

    private static void insert(Object[] leaf, int hash, Object key, Object value) {
        int mask = leaf.length - 1;
        int i = (hash << 1) & mask;
        while (leaf[i] != null) {
            i = (i + 2) & mask;
        }
        leaf[i] = key;
        leaf[i + 1] = value;
    }

    /** The slot of a key that is present. */
    private static int indexOf(Object[] leaf, int hash, Object key) {
        int keyHash = key.hashCode();
        int mask = leaf.length - 1;
        int i = (hash << 1) & mask;
        while (!isKey(leaf[i], keyHash, key)) {
            i = (i + 2) & mask;
        }
        return i;
    }

    private static int entriesOf(Object[] leaf) {
        int entries = 0;
        for (int i = 0; i < leaf.length; i += 2) {
            if (leaf[i] != null) {
                entries++;
            }
        }
        return entries;
    }

    /** Creates a leaf with room for {@code entries} at a load of at most three quarters. */
    private static Object[] newLeaf(int entries) {
        int slots = SMALLEST_LEAF / 2;
        while (slots * 3 < entries * 4) {
            slots <<= 1;
        }
        return new Object[slots * 2];
    }

    @SuppressWarnings("unchecked") // a leaf holds K and V alternately
    private static <K, V> void forEach(Object[] node, BiConsumer<? super K, ? super V> action) {
        if (node instanceof Object[][] branch) {
            for (Object[] child : branch) {
                if (child != null) {
                    forEach(child, action);
                }
            }
            return;
        }
        for (int i = 0; i < node.length; i += 2) {
            if (node[i] != null) {
                action.accept((K) node[i], (V) node[i + 1]);
            }
        }
    }

    static int childOf(int hash, int shift) {
        return (hash >>> shift) & (FAN_OUT - 1);
    }

    static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }
}
