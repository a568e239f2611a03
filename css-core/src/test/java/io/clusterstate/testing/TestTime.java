package io.clusterstate.testing;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that moves when a test says so, and when somebody pauses: then at once by the pause. */
public class TestTime implements MonotonicTime, InstantSource {

    /** Where it begins. */
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
     * Moves time.
     *
     * @param by how far
     */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /**
     * Sets the clock that people read, which does not move time.
     *
     * @param by how far ahead of time
     */
    public void setClockAhead(Duration by) {
        clockIsOffBy = by;
    }
}
