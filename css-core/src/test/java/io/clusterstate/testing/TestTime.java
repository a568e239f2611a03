package io.clusterstate.testing;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that a test controls. A pause advances it at once by its length. */
public class TestTime implements MonotonicTime, InstantSource {

    /** The time at the beginning. */
    public static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private volatile Duration clockIsOffBy = Duration.ZERO;

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void pause(Duration pause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("pause");
        }
        long end = nanos.get() + pause.toNanos();
        nanos.accumulateAndGet(end, Math::max);
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get()).plus(clockIsOffBy);
    }

    /**
     * Advances time.
     *
     * @param by the duration
     */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /**
     * Sets the wall clock, without any effect on monotonic time.
     *
     * @param by the difference from the monotonic time
     */
    public void setClockAhead(Duration by) {
        clockIsOffBy = by;
    }
}
