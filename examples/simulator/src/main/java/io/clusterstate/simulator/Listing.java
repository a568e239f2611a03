package io.clusterstate.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The data behind a List operation of a cluster: lists of entities by key, each in the order of creation. The cost of a
 * page follows the size of the page, not that of the cluster.
 *
 * <p>While lists are stale, changes wait here until they are old enough to be seen by a caller.
 */
final class Listing<T> {
    private final String operation;
    private final Staleness staleness;
    private final Map<Object, NavigableMap<Long, T>> byKey = new HashMap<>();
    private final Deque<Change<T>> waiting = new ArrayDeque<>();

    /** Makes an empty listing for the given operation. */
    Listing(String operation, Staleness staleness) {
        this.operation = operation;
        this.staleness = staleness;
    }

    void add(List<?> keys, long position, T thing) {
        accept(new Change<>(staleness.now(), keys, position, thing));
    }

    void remove(List<?> keys, long position) {
        accept(new Change<>(staleness.now(), keys, position, null));
    }

    /** Up to {@code size} matching entities under a key, whose positions are after the given position. */
    Page<T> page(Object key, long after, int size, Predicate<T> matching) {
        catchUp(staleness.horizon());
        if (staleness.takesEmpty(operation)) {
            return new Page<>(List.of(), null);
        }
        if (staleness.answersEmpty()) {
            return new Page<>(List.of(), staleness.endsEarly() ? null : Page.tokenAfter(after));
        }
        var shelf = byKey.get(key);
        if (shelf == null) {
            return new Page<>(List.of(), null);
        }
        var items = new ArrayList<T>(Math.min(size, shelf.size()));
        long last = after;
        for (var entry : shelf.tailMap(after, false).entrySet()) {
            if (!matching.test(entry.getValue())) {
                continue;
            }
            if (items.size() == size) {
                return new Page<>(items, Page.tokenAfter(last));
            }
            items.add(entry.getValue());
            last = entry.getKey();
        }
        return new Page<>(items, null);
    }

    private void accept(Change<T> change) {
        waiting.add(change);
        catchUp(staleness.latest());
    }

    private void catchUp(Instant horizon) {
        while (!waiting.isEmpty() && !waiting.getFirst().at().isAfter(horizon)) {
            apply(waiting.removeFirst());
        }
    }

    private void apply(Change<T> change) {
        for (var key : change.keys()) {
            if (change.thing() != null) {
                byKey.computeIfAbsent(key, it -> new TreeMap<>()).put(change.position(), change.thing());
            } else {
                removeFrom(key, change.position());
            }
        }
    }

    private void removeFrom(Object key, long position) {
        var shelf = byKey.get(key);
        if (shelf != null && shelf.remove(position) != null && shelf.isEmpty()) {
            byKey.remove(key);
        }
    }

    private record Change<T>(Instant at, List<?> keys, long position, @Nullable T thing) {}
}
