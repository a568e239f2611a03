package io.clusterstate.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A detector for a wall clock that is set back, by comparison with monotonic time. It moves an earlier moment back with
 * the clock, so that the moment neither lies ahead nor looks younger than it is.
 *
 * <p>A clock that goes forward moves nothing. The machine may have been suspended, which monotonic time does not count,
 * and then the moment is as old as it looks. If the clock was only set, the moment looks too old until a new one
 * replaces it.
 *
 * <p>Thread: safe for any thread.
 *
 * @param clock the wall clock
 * @param nanoTime the monotonic time, in nanoseconds
 */
public record ClockSteps(InstantSource clock, LongSupplier nanoTime) {

    /** The largest difference that counts as slew; a larger one is a step. */
    private static final Duration SLEW = Duration.ofSeconds(1);

    /**
     * A moment by both clocks.
     *
     * @param wall the moment by the wall clock
     * @param nanos the moment by the monotonic time
     */
    public record Mark(Instant wall, long nanos) {}

    /**
     * Marks the present moment.
     *
     * @return the mark
     */
    public Mark mark() {
        return new Mark(clock.instant(), nanoTime.getAsLong());
    }

    /**
     * The step by which the wall clock was set back since a moment.
     *
     * @param mark the moment
     * @return a negative duration if it was set back; zero if it ran normally or went forward
     */
    public Duration since(Mark mark) {
        Duration step = eitherWaySince(mark);
        return step.isNegative() ? step : Duration.ZERO;
    }

    /**
     * The step by which the wall clock was set since a moment, or the machine was suspended.
     *
     * @param mark the moment
     * @return a negative duration if it was set back, a positive one if it went forward; zero if it ran normally
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
     * @return the moment; never later than the present time of the wall clock
     */
    public Instant corrected(Mark mark) {
        return mark.wall().plus(since(mark));
    }
}
