package io.clusterstate.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Notices when the wall clock is set, by the time that never jumps beside it. A moment that was noted before a step is
 * corrected by it, so that its age stays what it is.
 *
 * <p>Thread: safe for any thread.
 *
 * @param clock the wall clock
 * @param time the time that never jumps
 */
public record ClockSteps(InstantSource clock, MonotonicTime time) {

    /** Wall clocks are slewed by less than this; only what differs by more is a step. */
    private static final Duration SLEW = Duration.ofSeconds(1);

    /**
     * A moment by both times.
     *
     * @param wall the moment by the wall clock
     * @param nanos the same moment by the time that never jumps
     */
    public record Mark(Instant wall, long nanos) {}

    /**
     * This moment.
     *
     * @return its mark
     */
    public Mark mark() {
        return new Mark(clock.instant(), time.nanos());
    }

    /**
     * By how much the wall clock was set since a moment.
     *
     * @param mark the moment
     * @return positive if it was set forward; zero if it only ran
     */
    public Duration since(Mark mark) {
        Mark now = mark();
        Duration step = Duration.between(mark.wall(), now.wall()).minusNanos(now.nanos() - mark.nanos());
        return step.abs().compareTo(SLEW) > 0 ? step : Duration.ZERO;
    }

    /**
     * What the wall clock would have shown at a moment, had it been set then as it is now.
     *
     * @param mark the moment
     * @return the moment, by the wall clock of now
     */
    public Instant corrected(Mark mark) {
        return mark.wall().plus(since(mark));
    }
}
