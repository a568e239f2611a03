package io.clusterstate.examples.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * The clock of a host that jumps to a wrong time again and again, forward and back, until it is set right. As on a real
 * host the monotonic time does not jump; it decides when the next jump is due.
 *
 * <p>Thread: safe for any thread.
 */
final class JumpingClock implements InstantSource {

    private static final List<Duration> ERRORS = List.of(
            Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofHours(6), Duration.ofHours(-6), Duration.ZERO);
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration SPREAD = Duration.ofSeconds(4);

    private final InstantSource right;
    private final LongSupplier nanoTime;
    private final SplittableRandom random;
    private Duration error = Duration.ZERO;
    private long nextJump;
    private int jumps;
    private boolean isRight;

    /**
     * Makes a clock that is right at first.
     *
     * @param right the clock that is right
     * @param nanoTime monotonic time in nanoseconds
     * @param seed the seed of the jumps
     */
    JumpingClock(InstantSource right, LongSupplier nanoTime, long seed) {
        this.right = right;
        this.nanoTime = nanoTime;
        this.random = new SplittableRandom(seed);
        this.nextJump = nanoTime.getAsLong() + pause();
    }

    @Override
    public synchronized Instant instant() {
        if (!isRight && nanoTime.getAsLong() - nextJump >= 0) {
            error = otherError();
            jumps++;
            nextJump = nanoTime.getAsLong() + pause();
        }
        return right.instant().plus(error);
    }

    /** Sets the clock right for good. */
    synchronized void setRight() {
        error = Duration.ZERO;
        isRight = true;
    }

    /** The number of jumps, those back to the right time included. */
    synchronized int jumps() {
        return jumps;
    }

    private Duration otherError() {
        List<Duration> others =
                ERRORS.stream().filter(each -> !each.equals(error)).toList();
        return others.get(random.nextInt(others.size()));
    }

    private long pause() {
        return SHORTEST.toNanos() + random.nextLong(SPREAD.toNanos());
    }
}
