package io.clusterstate.internal.ecs;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stamps for the order of API answers: each is later than every stamp before it and every stamp that was
 * {@link #observe observed}, however the clock behind is set. Of two answers, the stamps say which attempt began later.
 * The stamps are for that order alone; people and other processes read the plain clock.
 *
 * <p>Thread: safe for any thread.
 */
final class StrictClock implements InstantSource {

    private final InstantSource clock;
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.MIN);

    StrictClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        Instant now = clock.instant();
        return last.accumulateAndGet(now, StrictClock::later);
    }

    /** Makes all later stamps later than this one, which another process gave, or this one before its clock was set. */
    void observe(Instant stamp) {
        last.accumulateAndGet(stamp, (before, seen) -> seen.isAfter(before) ? seen : before);
    }

    private static Instant later(Instant before, Instant now) {
        return now.isAfter(before) ? now : before.plusNanos(1);
    }
}
