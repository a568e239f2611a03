package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The pauses between two passes over one cluster: regular, after a failure, and before a second look at a difference
 * that ECS's lag may explain.
 *
 * @param interval the regular pause, asked for at the end of each pass
 * @param allowance the time by which an answer of the ECS API may lag behind
 * @param environment the clocks and randomness
 */
record ReconcilePauses(Supplier<Duration> interval, Duration allowance, Environment environment) {

    /** The part of the interval that jitter adds or subtracts, so that the passes of many clusters spread out. */
    private static final double JITTER = 0.1;

    private static final Duration LEAST = Duration.ofSeconds(1);
    /** The pause after a failed pass in multiples of its duration, so that passes take at most a fifth of the time. */
    private static final int COSTLY = 4;

    /** The regular pause, with jitter. */
    Duration regular() {
        double factor = 1 - JITTER + 2 * JITTER * environment.nextDouble();
        return Duration.ofNanos((long) (interval.get().toNanos() * factor));
    }

    /** The rest of the regular pause after a pass by another mirror, whose clock may differ. */
    Duration regularAfter(Instant reconciledAt) {
        Duration pause = regular();
        return shorter(pause, Duration.between(environment.clock().instant(), reconciledAt.plus(pause)));
    }

    /** The pause after which ECS's lag no longer explains a difference. */
    Duration secondLook() {
        return longer(allowance, LEAST);
    }

    /**
     * The pause after a pass that failed; long enough that repeated failures leave the API budget to other clusters.
     */
    Duration afterFailedPass(int failuresInARow, Duration took) {
        return afterFailure(failuresInARow, took.multipliedBy(COSTLY));
    }

    /** The pause after a failure: a backoff with jitter, at least {@code least}, at most the interval. */
    Duration afterFailure(int failuresInARow, Duration least) {
        Duration backoff = Backoff.pause(failuresInARow, environment.random());
        return shorter(interval.get(), longer(backoff, least));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
