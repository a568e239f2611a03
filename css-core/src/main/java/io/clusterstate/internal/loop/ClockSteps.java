package io.clusterstate.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Notices when the wall clock is set back, by the time that never jumps beside it. A moment that was noted before is
 * moved back with the clock, so that it does not lie ahead, nor look younger than it is. A clock that goes forward
 * moves nothing: the machine may have been suspended, which the time that never jumps does not count, and then the
 * moment is as old as it looks. Where the clock was only set, the moment looks older than it is until there is a new
 * one.
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
     * By how much the wall clock was set back since a moment.
     *
     * @param mark the moment
     * @return negative if it was set back; zero if it only ran, or went forward
     */
    public Duration since(Mark mark) {
        Duration step = eitherWaySince(mark);
        return step.isNegative() ? step : Duration.ZERO;
    }

    /**
     * By how much the wall clock was set since a moment, or the machine was suspended.
     *
     * @param mark the moment
     * @return positive if it went forward; zero if it only ran
     */
    public Duration eitherWaySince(Mark mark) {
        Mark now = mark();
        Duration step = Duration.between(mark.wall(), now.wall()).minusNanos(now.nanos() - mark.nanos());
        return step.abs().compareTo(SLEW) > 0 ? step : Duration.ZERO;
    }

    /**
     * A moment, moved back with the wall clock if that was set back since.
     *
     * @param mark the moment
     * @return the moment by the wall clock of now, at the latest
     */
    public Instant corrected(Mark mark) {
        return mark.wall().plus(since(mark));
    }
}
