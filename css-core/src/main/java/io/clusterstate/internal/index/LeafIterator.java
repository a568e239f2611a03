package io.clusterstate.internal.index;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.NullUnmarked;

/**
 * Walks the leaves of a persistent map or set, depth first.
 *
 * @param <V> the type of the objects in the walked slots
 */
@NullUnmarked // empty slots of the bare arrays are null, which annotations cannot express
final class LeafIterator<V> implements Iterator<V> {

    private final Deque<Object[]> open = new ArrayDeque<>();
    private final int first;
    private final int step;
    private Object[] leaf = new Object[0];
    private int next;

    /** Walks the slot {@code first} of each leaf, and from there every {@code step}-th one. */
    LeafIterator(Object[] root, int first, int step) {
        this.first = first;
        this.step = step;
        open.push(root);
        advance();
    }

    @Override
    public boolean hasNext() {
        return next < leaf.length;
    }

    @Override
    @SuppressWarnings("unchecked") // the walked slots hold V
    public V next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        V value = (V) leaf[next];
        next += step;
        advance();
        return value;
    }

    private void advance() {
        while (true) {
            while (next < leaf.length && leaf[next] == null) {
                next += step;
            }
            if (next < leaf.length || open.isEmpty()) {
                return;
            }
            openNode(open.pop());
        }
    }

    private void openNode(Object[] node) {
        if (node instanceof Object[][] branch) {
            Arrays.stream(branch).filter(child -> child != null).forEach(open::push);
        } else {
            leaf = node;
            next = first;
        }
    }
}
