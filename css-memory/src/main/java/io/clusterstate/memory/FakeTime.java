package io.clusterstate.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a fake. It stands still until {@link #advance}.
 *
 * <p>Thread: safe for any thread.
 */
final class FakeTime implements InstantSource {

    private final Instant start;
    private Instant now;
    private Instant lastMoment;

    FakeTime(Instant start) {
        this.start = start;
        this.now = start;
        this.lastMoment = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** The elapsed time since the start, in nanoseconds. */
    synchronized long nanos() {
        return Duration.between(start, now).toNanos();
    }

    /**
     * A moment that no other call has returned, so that a later change counts as later: now, or a few nanoseconds
     * after.
     */
    synchronized Instant moment() {
        Instant after = lastMoment.plusNanos(1);
        lastMoment = after.isBefore(now) ? now : after;
        return lastMoment;
    }

    synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("by: " + by + " (expected: not negative)");
        }
        now = now.plus(by);
    }
}
