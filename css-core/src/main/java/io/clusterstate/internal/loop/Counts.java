package io.clusterstate.internal.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counters by key.
 *
 * <p>Thread: safe for any thread; counting threads do not wait for each other.
 *
 * @param <K> the type of the keys
 */
public final class Counts<K> {

    private final Map<K, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * Creates counters at 0.
     *
     * @param known the keys to show from the beginning; any other key shows from its first count on
     */
    @SafeVarargs
    public Counts(K... known) {
        for (K key : known) {
            add(key, 0);
        }
    }

    /**
     * Adds to a counter.
     *
     * @param key the key
     * @param count the number to add
     */
    public void add(K key, long count) {
        counts.computeIfAbsent(key, each -> new LongAdder()).add(count);
    }

    /**
     * The sum over all keys.
     *
     * @return the sum at this moment
     */
    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /**
     * The count of each key.
     *
     * @return an immutable copy
     */
    public Map<K, Long> sums() {
        return counts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().sum()));
    }
}
