package io.clusterstate.internal.ecs;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Paces callers as ECS's own buckets do: up to {@code burst} calls at once, then so many a second. A caller takes its
 * token in advance and is told how long to wait for it, so that callers go in the order in which they came.
 *
 * <p>It adapts: when ECS throttles, others draw on the same bucket; the pace is halved, and comes back over a minute.
 */
final class TokenBucket {

    /** All tokens that are refused within this time are one sign, not many. */
    private static final long ONE_SIGN = TimeUnit.SECONDS.toNanos(1);

    private static final long RECOVERY = TimeUnit.MINUTES.toNanos(1);
    /** However often ECS throttles, this part of the full pace remains, so that it is noticed when ECS does no more. */
    private static final double LEAST = 1.0 / 32;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double fullPace;
    private final double burst;
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

    /** Takes a token; returns how long to wait before the call that it is for. */
    synchronized Duration take(long now) {
        fill(now);
        tokens--;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-tokens / pace(now) * SECOND));
    }

    /** Notes that ECS refused a call. */
    synchronized void throttled(long now) {
        fill(now);
        if (now - slowedAt >= ONE_SIGN || slowedTo == fullPace) {
            slowedTo = Math.max(fullPace * LEAST, pace(now) / 2);
            slowedAt = now;
            tokens = Math.min(tokens, 0);
        }
    }

    /** Whether half of the burst is there, so that a call that can wait takes nothing from those that cannot. */
    synchronized boolean hasSpare(long now) {
        fill(now);
        return tokens >= burst / 2;
    }

    /** Calls a second, at this time. */
    synchronized double pace(long now) {
        double recovered = (double) (now - slowedAt) / RECOVERY * fullPace;
        return Math.min(fullPace, slowedTo + recovered);
    }

    private void fill(long now) {
        if (now - filledAt > 0) { // threads may come in another order than they looked at the time
            tokens = Math.min(burst, tokens + (now - filledAt) / SECOND * pace(now));
            filledAt = now;
        }
    }
}
