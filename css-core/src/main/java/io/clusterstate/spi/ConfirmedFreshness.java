package io.clusterstate.spi;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A store's confirmation, expressed in the wall clock of this process as it is set now. A moment by another process's
 * clock that is ahead counts as this process's present at the latest. A wall clock that is set back never makes earlier
 * confirmations look younger (promise 6).
 *
 * <p>Thread: safe for any thread.
 */
public final class ConfirmedFreshness {

    private record Whole(Confirmation of, Optional<Instant> upTo) {}

    private record Seen(Confirmation original, Confirmation confirmation, Mark mark) {}

    private final ClockSteps steps;
    private volatile Seen seen;
    private volatile Whole whole = new Whole(Confirmation.NONE, Optional.empty());

    /**
     * Creates an instance without a confirmation.
     *
     * @param clock the wall clock of this process
     * @param nanoTime a clock that never jumps, in nanoseconds, such as {@code System::nanoTime}
     */
    public ConfirmedFreshness(InstantSource clock, LongSupplier nanoTime) {
        this.steps = new ClockSteps(clock, nanoTime);
        this.seen = new Seen(Confirmation.NONE, Confirmation.NONE, steps.mark());
    }

    /**
     * Notes a new confirmation of the store; call it whenever that changes.
     *
     * @param confirmation the last confirmation
     */
    @SuppressWarnings("ReferenceEquality") // a shortcut for reads; an equal one may take the longer path
    public void moved(Confirmation confirmation) {
        if (seen.original() != confirmation) {
            Mark now = steps.mark();
            seen = new Seen(confirmation, confirmation.notAfter(now.wall()), now);
        }
    }

    /**
     * The confirmation by the wall clock as it is set now.
     *
     * @param confirmation the store's confirmation
     * @return the corrected confirmation
     */
    public Confirmation now(Confirmation confirmation) {
        moved(confirmation);
        Seen last = seen;
        return moved(last, steps.since(last.mark()));
    }

    /**
     * The latest possible confirmation, whichever way the wall clock was set. Anything older than it is out of date.
     *
     * @param confirmation the store's confirmation
     * @return the confirmation, corrected in either direction
     */
    public Confirmation latest(Confirmation confirmation) {
        moved(confirmation);
        Seen last = seen;
        return moved(last, steps.eitherWaySince(last.mark()));
    }

    /**
     * The moment up to which everything is complete, as {@link Confirmation#whole()} finds it. The last one is kept,
     * since each published snapshot needs it.
     *
     * @param confirmation a result of {@link #now}
     * @return the moment; empty until each cluster was reconciled once
     */
    @SuppressWarnings("ReferenceEquality") // an equal confirmation has an equal moment
    public Optional<Instant> whole(Confirmation confirmation) {
        Whole last = whole;
        if (last.of() != confirmation) {
            last = new Whole(confirmation, confirmation.whole());
            whole = last;
        }
        return last.upTo();
    }

    private static Confirmation moved(Seen last, Duration step) {
        return step.isZero() ? last.confirmation() : last.confirmation().plus(step);
    }
}
