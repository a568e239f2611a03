package io.clusterstate.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that other threads bring about, with a limit. */
public final class Await {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Await() {}

    /**
     * Waits until the condition holds; fails after a minute.
     *
     * @param condition a test, repeated until it holds
     */
    public static void await(BooleanSupplier condition) {
        await(LIMIT, condition);
    }

    /**
     * Waits until the condition holds; fails after a limit.
     *
     * @param limit the longest wait
     * @param condition a test, repeated until it holds
     */
    public static void await(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        boolean holds = condition.getAsBoolean();
        while (!holds && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            holds = condition.getAsBoolean();
        }
        assertTrue(
                holds,
                "the condition does not hold within "
                        + limit); // no second test: the condition may hold only for a moment
    }
}
