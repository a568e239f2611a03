package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A bucket that holds up to {@code burst} tokens and refills at a rate. */
final class TokenBucket {
    private final InstantSource clock;
    private final double burst;
    private final double perSecond;
    private double tokens;
    private Instant filledAt;

    TokenBucket(InstantSource clock, double burst, double perSecond) {
        this.clock = clock;
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
        this.filledAt = clock.instant();
    }

    /** Takes a token; false if the bucket is empty. */
    synchronized boolean take() {
        var now = clock.instant();
        double seconds = Math.max(0, Duration.between(filledAt, now).toNanos() / 1e9);
        tokens = Math.min(burst, tokens + seconds * perSecond);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
