package io.clusterstate.spi.contract;

import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until a test turns it. It begins at {@link Entities#NOW}.
 *
 * <p>Thread: safe for any thread.
 */
public final class TestClock implements InstantSource {

    private volatile Instant now = Entities.NOW;

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Turns the clock.
     *
     * @param duration how far; back if it is negative
     */
    public void turn(Duration duration) {
        set(now.plus(duration));
    }

    /**
     * Sets the clock.
     *
     * @param moment what it is to show
     */
    public void set(Instant moment) {
        now = moment;
    }
}
