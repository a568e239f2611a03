package io.clusterstate.spi;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The confirmation that a store shows, by the wall clock of this process as it is set now. What another process has
 * confirmed by a clock that is ahead is taken to be confirmed at this process's now at the latest, and a clock that is
 * set back makes nothing look younger that was confirmed before (promise 6).
 *
 * <p>Thread: safe for any thread.
 */
public final class ConfirmedFreshness {

    private record Seen(Confirmation original, Confirmation confirmation, Mark mark) {}

    private final ClockSteps steps;
    private volatile Seen seen;

    /**
     * Nothing is confirmed yet.
     *
     * @param clock the wall clock of this process
     * @param time time that never jumps
     */
    public ConfirmedFreshness(InstantSource clock, MonotonicTime time) {
        this.steps = new ClockSteps(clock, time);
        this.seen = new Seen(Confirmation.NONE, Confirmation.NONE, steps.mark());
    }

    /**
     * Takes note of what the store shows; to be called when that moves.
     *
     * @param confirmation the last confirmation
     */
    @SuppressWarnings("ReferenceEquality") // asked at every read that has a policy; an equal one is as good as the same
    public void moved(Confirmation confirmation) {
        if (seen.original() != confirmation) {
            Mark now = steps.mark();
            seen = new Seen(confirmation, confirmation.notAfter(now.wall()), now);
        }
    }

    /**
     * What is confirmed, by the wall clock as it is set now.
     *
     * @param confirmation what the store shows
     * @return the same, corrected
     */
    public Confirmation now(Confirmation confirmation) {
        moved(confirmation);
        Seen last = seen;
        return moved(last, steps.since(last.mark()));
    }

    /**
     * What may be confirmed at the latest, whichever way the wall clock was set: what is older than that is out of
     * date.
     *
     * @param confirmation what the store shows
     * @return the same, corrected either way
     */
    public Confirmation latest(Confirmation confirmation) {
        moved(confirmation);
        Seen last = seen;
        return moved(last, steps.eitherWaySince(last.mark()));
    }

    private static Confirmation moved(Seen last, Duration step) {
        return step.isZero() ? last.confirmation() : last.confirmation().plus(step);
    }
}
