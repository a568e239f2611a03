package io.clusterstate.internal.expect;

import java.time.Duration;
import java.time.Instant;

/**
 * The moment at which something was noted.
 *
 * @param nanos the monotonic time, for limits
 * @param at the wall clock's time, for people and beside times of ECS
 */
record Noted(long nanos, Instant at) {

    boolean isOlderThan(Duration age, long now) {
        return now - due(age) >= 0;
    }

    /** The monotonic time at which it reaches an age. */
    long due(Duration age) {
        return nanos + age.toNanos();
    }
}
