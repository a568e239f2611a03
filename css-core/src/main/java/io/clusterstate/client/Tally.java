package io.clusterstate.client;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests of a client. */
final class Tally {

    private final Map<String, LongAdder> local = new ConcurrentHashMap<>();
    private final Map<Delegation, LongAdder> delegated = new ConcurrentHashMap<>();

    private record Delegation(String operation, DelegationReason reason) {}

    void countLocal(String operation) {
        local.computeIfAbsent(operation, any -> new LongAdder()).increment();
    }

    void countDelegated(String operation, DelegationReason reason) {
        delegated
                .computeIfAbsent(new Delegation(operation, reason), any -> new LongAdder())
                .increment();
    }

    AnswerCounts counts() {
        Map<String, Long> locals = new TreeMap<>();
        local.forEach((operation, count) -> locals.put(operation, count.sum()));
        Map<String, Map<DelegationReason, Long>> others = new TreeMap<>();
        delegated.forEach(
                (key, count) -> others.computeIfAbsent(key.operation(), any -> new EnumMap<>(DelegationReason.class))
                        .put(key.reason(), count.sum()));
        others.replaceAll((operation, reasons) -> Map.copyOf(reasons));
        return new AnswerCounts(Map.copyOf(locals), Map.copyOf(others));
    }
}
