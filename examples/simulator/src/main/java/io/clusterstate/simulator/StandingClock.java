package io.clusterstate.simulator;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. Thread: {@link #moveTo} under the lock of {@link Simulation}. */
final class StandingClock implements InstantSource {
    private volatile Instant now;

    StandingClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves to a moment; an earlier one has no effect. */
    void moveTo(Instant moment) {
        if (moment.isAfter(now)) {
            now = moment;
        }
    }
}
