package io.clusterstate.examples.soak;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a host, which can be set to a wrong time and back.
 *
 * <p>Thread: safe for any thread.
 */
final class SteppedClock implements InstantSource {

    private volatile Duration error = Duration.ZERO;
    private volatile long lastAhead = Long.MIN_VALUE;

    /** Sets the clock wrong by a time; zero sets it right. */
    void step(Duration by) {
        noteIfAhead();
        error = by;
        noteIfAhead();
    }

    private void noteIfAhead() {
        if (error.compareTo(Duration.ZERO) > 0) {
            lastAhead = System.nanoTime();
        }
    }

    /** Whether the clock is ahead, or was within a time. */
    boolean wasAheadWithin(Duration time) {
        noteIfAhead();
        long last = lastAhead;
        return last != Long.MIN_VALUE && System.nanoTime() - last < time.toNanos();
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(error);
    }
}
