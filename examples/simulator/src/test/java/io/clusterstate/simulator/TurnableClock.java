package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is turned. */
final class TurnableClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-03-01T10:00:00.120Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void turn(Duration by) {
        now = now.plus(by);
    }
}
