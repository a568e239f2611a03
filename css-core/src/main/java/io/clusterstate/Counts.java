package io.clusterstate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counts by key.
 *
 * <p>Thread: safe for any thread; counting threads do not wait for each other.
 *
 * @param <K> what is counted by
 */
final class Counts<K> {

    private final Map<K, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts of these keys begin at 0; others are there from their first time on. */
    @SafeVarargs
    Counts(K... known) {
        for (K key : known) {
            add(key, 0);
        }
    }

    void add(K key, long count) {
        counts.computeIfAbsent(key, each -> new LongAdder()).add(count);
    }

    long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    Map<K, Long> sums() {
        return counts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().sum()));
    }
}
