package io.clusterstate.internal.ecs;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock whose readings strictly increase. It stamps API attempts, so that of two answers the stamps say which attempt
 * began later. Each stamp is later than all stamps before it and all {@link #observe observed} ones, however the
 * underlying clock is set. The stamps serve for that order alone; people and other processes read the plain clock.
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

    /**
     * Makes all later stamps later than this one, which comes from another process or from the time before a clock was
     * set.
     */
    void observe(Instant stamp) {
        last.accumulateAndGet(stamp, (before, seen) -> seen.isAfter(before) ? seen : before);
    }

    private static Instant later(Instant before, Instant now) {
        return now.isAfter(before) ? now : before.plusNanos(1);
    }
}
