package io.clusterstate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachedTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** About to pass from positive to negative, as {@link System#nanoTime} may. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);

    private final AtomicInteger taken = new AtomicInteger();
    private final Cached<Integer> value = new Cached<>(taken::incrementAndGet, LIMIT, nanos::get);

    @Test
    void nothingIsTakenBeforeItIsAskedFor() {
        assertEquals(0, taken.get());
    }

    @Test
    void oneValueServesUntilTheLimit() {
        assertEquals(1, value.get());
        nanos.addAndGet(LIMIT.toNanos() - 1);
        assertEquals(1, value.get());
    }

    @Test
    void atTheLimitItIsTakenAnew() {
        value.get();
        nanos.addAndGet(LIMIT.toNanos());
        assertEquals(2, value.get());
        assertEquals(2, value.get());
    }
}
