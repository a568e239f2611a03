package io.clusterstate.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a fake: it stands until it is turned.
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

    /** The time that has passed: for {@link MemoryStateStore}, as what it measures time by. */
    synchronized long nanos() {
        return Duration.between(start, now).toNanos();
    }

    /**
     * A moment that no other call was given, so that what is told later counts as later: now, or a nanosecond or so
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
