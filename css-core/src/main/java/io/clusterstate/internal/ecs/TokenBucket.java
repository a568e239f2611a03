package io.clusterstate.internal.ecs;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket like those of ECS: up to {@code burst} calls at once, then a fixed rate. A caller takes its token in
 * advance and receives the time to wait for it, so callers proceed in the order of their arrival.
 *
 * <p>The bucket adapts: if ECS throttles, other callers draw on ECS's bucket as well. The rate is then halved, and
 * recovers within a minute.
 */
final class TokenBucket {

    /** Refusals within this time count as one signal. */
    private static final long ONE_SIGN = TimeUnit.SECONDS.toNanos(1);

    private static final long RECOVERY = TimeUnit.MINUTES.toNanos(1);
    /**
     * The part of the full rate that remains however often ECS throttles, so that the end of the throttling is noticed.
     */
    private static final double LEAST = 1.0 / 32;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private double fullPace;
    private double burst;
    private double tokens;
    private long filledAt;
    private double slowedTo;
    private long slowedAt;

    TokenBucket(double perSecond, double burst, long now) {
        this.fullPace = perSecond;
        this.burst = Math.max(1, burst);
        this.tokens = this.burst;
        this.filledAt = now;
        this.slowedTo = perSecond;
        this.slowedAt = now;
    }

    /**
     * Sets the rate and the burst. The tokens stay, so that a change gains none; a slowed pace stays slowed by as much.
     */
    synchronized void allow(double perSecond, double newBurst, long now) {
        if (perSecond == fullPace) {
            return;
        }
        fill(now);
        slowedTo = pace(now) / fullPace * perSecond;
        slowedAt = now;
        fullPace = perSecond;
        burst = Math.max(1, newBurst);
        tokens = Math.min(tokens, burst);
    }

    /** Takes a token and returns the time to wait before the call. */
    synchronized Duration take(long now) {
        fill(now);
        tokens--;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-tokens / pace(now) * SECOND));
    }

    /** Notes that ECS throttled a call. */
    synchronized void throttled(long now) {
        fill(now);
        if (now - slowedAt >= ONE_SIGN || slowedTo == fullPace) {
            slowedTo = Math.max(fullPace * LEAST, pace(now) / 2);
            slowedAt = now;
            tokens = Math.min(tokens, 0);
        }
    }

    /** Whether half of the burst is left, so that a call without urgency delays no other. */
    synchronized boolean hasSpare(long now) {
        fill(now);
        return tokens >= burst / 2;
    }

    /** The present rate in calls a second. */
    synchronized double pace(long now) {
        double recovered = (double) (now - slowedAt) / RECOVERY * fullPace;
        return Math.min(fullPace, slowedTo + recovered);
    }

    private void fill(long now) {
        if (now - filledAt > 0) { // threads may arrive in another order than they read the time
            tokens = Math.min(burst, tokens + (now - filledAt) / SECOND * pace(now));
            filledAt = now;
        }
    }
}
