package io.clusterstate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that never shows the same moment twice, and none that is earlier than before, however the one behind it is set:
 * of two API answers, the stamps tell which was asked for later.
 */
final class GrowingClock implements InstantSource {

    private final InstantSource clock;
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.MIN);

    GrowingClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        Instant now = clock.instant();
        return last.accumulateAndGet(now, GrowingClock::later);
    }

    private static Instant later(Instant before, Instant now) {
        return now.isAfter(before) ? now : before.plusNanos(1);
    }
}
