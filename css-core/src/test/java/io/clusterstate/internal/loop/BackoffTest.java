package io.clusterstate.internal.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final int DRAWS = 2_000;

    @Test
    void theLimitDoublesWithEachFailureUpToHalfAMinute() {
        assertLongest(1, 200);
        assertLongest(2, 400);
        assertLongest(5, 3_200);
        assertLongest(9, 30_000);
        assertLongest(1_000_000, 30_000);
    }

    /** The longest of many pauses comes close to the limit, the shortest close to none, and none is over. */
    private static void assertLongest(int failures, long limit) {
        Random random = new Random(failures);
        long[] pauses = IntStream.range(0, DRAWS)
                .mapToLong(i -> Backoff.pause(failures, random).toMillis())
                .sorted()
                .toArray();
        assertTrue(pauses[DRAWS - 1] <= limit, () -> "over the limit: " + Duration.ofMillis(pauses[DRAWS - 1]));
        assertTrue(pauses[DRAWS - 1] > limit * 0.95);
        assertTrue(pauses[0] < limit * 0.05);
    }
}
