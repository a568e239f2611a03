package io.clusterstate.benchmarks;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.Reading;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The way from events to the changes that a store takes in. */
final class Changes {

    /** When all events of the benchmarks are received. */
    static final Instant RECEIVED = Instant.parse("2026-01-05T08:00:25Z");

    private static final int BATCH = 1_000;

    private Changes() {}

    /** What an event says. */
    static Upsert<?> of(String event) {
        Reading reading = EventReader.read(event, RECEIVED);
        if (reading instanceof Reading.StateChange change) {
            return change.upsert();
        }
        throw new IllegalStateException("event: " + reading + " (expected: a state change)");
    }

    /** What many events say; read on all cores, since nothing is measured yet. */
    static List<Upsert<?>> of(int count, IntFunction<String> events) {
        return IntStream.range(0, count)
                .parallel()
                .<Upsert<?>>mapToObj(i -> of(events.apply(i)))
                .toList();
    }

    /** Applies many changes, in parts. */
    static void apply(StateStore store, List<? extends Upsert<?>> changes) {
        for (int from = 0; from < changes.size(); from += BATCH) {
            store.apply(changes.subList(from, Math.min(changes.size(), from + BATCH)));
        }
    }

    /** Applies what many events say, in parts, without keeping more than one part. */
    static void apply(StateStore store, int count, IntFunction<String> events) {
        for (int from = 0; from < count; from += BATCH) {
            int first = from;
            store.apply(of(Math.min(BATCH, count - from), i -> events.apply(first + i)));
        }
    }
}
