package io.clusterstate.internal.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses after consecutive failures: a random time up to a limit that doubles with each failure, so that many
 * processes do not retry together ("full jitter").
 */
public final class Backoff {

    /** The first limit, short enough to make one lost connection unnoticeable. */
    private static final Duration FIRST = Duration.ofMillis(200);
    /** The last limit: long enough to make an outage of hours cheap, short enough to notice its end. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Backoff() {}

    /**
     * The pause after a failure.
     *
     * @param failures the number of consecutive failures, including this one
     * @param random the source of randomness; used under its own lock
     * @return the pause
     */
    public static Duration pause(int failures, RandomGenerator random) {
        int doublings = Math.min(failures - 1, Long.SIZE / 4);
        long limit = Math.min(LONGEST.toMillis(), FIRST.toMillis() << doublings);
        synchronized (random) {
            return Duration.ofMillis(random.nextLong(limit + 1));
        }
    }
}
