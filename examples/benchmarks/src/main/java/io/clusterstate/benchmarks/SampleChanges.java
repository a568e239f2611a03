package io.clusterstate.benchmarks;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Turns sample events into changes for a store. */
final class SampleChanges {

    /** The time at which every sample event is received. */
    static final Instant RECEIVED = Instant.parse("2026-01-05T08:00:25Z");

    private static final int BATCH = 1_000;

    private SampleChanges() {}

    /** The change that an event carries. */
    static Upsert<?> of(String event) {
        ParsedBody reading = EventReader.read(event, RECEIVED);
        if (reading instanceof ParsedBody.StateChange change) {
            return change.upsert();
        }
        throw new IllegalStateException("event: " + reading + " (expected: a state change)");
    }

    /** The changes of {@code count} events. */
    static List<Upsert<?>> of(int count, IntFunction<String> events) {
        return many(0, count, i -> of(events.apply(i)));
    }

    /** Uses all cores, since nothing is measured here. */
    private static List<Upsert<?>> many(int from, int to, IntFunction<Upsert<?>> upserts) {
        return IntStream.range(from, to).parallel().mapToObj(upserts).toList();
    }

    /** Applies changes in batches of {@value #BATCH}. */
    static void apply(StateStore store, List<? extends Upsert<?>> changes) {
        for (int from = 0; from < changes.size(); from += BATCH) {
            store.apply(changes.subList(from, Math.min(changes.size(), from + BATCH)));
        }
    }

    /** Applies changes in batches of {@value #BATCH}, and holds only one batch at a time. */
    static void apply(StateStore store, int count, IntFunction<Upsert<?>> upserts) {
        for (int from = 0; from < count; from += BATCH) {
            store.apply(many(from, Math.min(count, from + BATCH), upserts));
        }
    }
}
