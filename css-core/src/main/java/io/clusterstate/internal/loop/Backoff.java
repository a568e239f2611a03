package io.clusterstate.internal.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause after failures in a row: anything up to a limit that doubles with each, so that many processes do
 * not come again together ("full jitter").
 */
public final class Backoff {

    /** Short enough that one lost connection is not felt. */
    private static final Duration FIRST = Duration.ofMillis(200);
    /** Long enough that an outage of hours costs little, short enough that its end is noticed. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Backoff() {}

    /**
     * The pause after a failure.
     *
     * @param failures how many failures in a row, this one included
     * @param random the dice; asked under its own lock
     * @return how long to pause
     */
    public static Duration pause(int failures, RandomGenerator random) {
        int doublings = Math.min(failures - 1, Long.SIZE / 4);
        long limit = Math.min(LONGEST.toMillis(), FIRST.toMillis() << doublings);
        synchronized (random) {
            return Duration.ofMillis(random.nextLong(limit + 1));
        }
    }
}
