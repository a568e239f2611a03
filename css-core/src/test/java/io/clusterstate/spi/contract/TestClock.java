package io.clusterstate.spi.contract;

import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that a test sets. It begins at {@link Entities#NOW}.
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
     * @param duration the time; negative to turn it back
     */
    public void turn(Duration duration) {
        set(now.plus(duration));
    }

    /**
     * Sets the clock.
     *
     * @param moment the new time
     */
    public void set(Instant moment) {
        now = moment;
    }
}
