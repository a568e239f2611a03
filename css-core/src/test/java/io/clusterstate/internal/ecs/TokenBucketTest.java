package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double PACE = 10;
    private static final int BURST = 4;
    private static final double NEARLY = 1e-6;

    private final TokenBucket bucket = new TokenBucket(PACE, BURST, 0);

    @Test
    void aBurstGoesAtOnceAndTheRestOneAfterTheOtherAtThePace() {
        for (int i = 0; i < BURST; i++) {
            assertEquals(Duration.ZERO, bucket.take(0));
        }
        assertEquals(Duration.ofMillis(100), bucket.take(0));
        assertEquals(Duration.ofMillis(200), bucket.take(0));
        assertEquals(Duration.ofMillis(250), bucket.take(SECOND / 20));
    }

    @Test
    void itFillsUpToTheBurstAndNoMore() {
        empty(0);
        long muchLater = 3_600 * SECOND;

        empty(muchLater);

        assertEquals(Duration.ofMillis(100), bucket.take(muchLater));
    }

    @Test
    void oneCallFitsHoweverSmallTheBurst() {
        TokenBucket small = new TokenBucket(PACE, 0.1, 0);

        assertEquals(Duration.ZERO, small.take(0));
        assertEquals(Duration.ofMillis(100), small.take(0));
    }

    @Test
    void aThrottledCallHalvesThePaceAndTakesWhatIsLeftOfTheBurst() {
        bucket.throttled(0);

        assertEquals(PACE / 2, bucket.pace(0), NEARLY);
        assertEquals(Duration.ofMillis(200), bucket.take(0));
    }

    @Test
    void throttlingDoesNotGiveBackWhatIsOwed() {
        empty(0);
        bucket.take(0);

        bucket.throttled(0);

        assertEquals(Duration.ofMillis(400), bucket.take(0));
    }

    @Test
    void callsThrottledWithinOneSecondHalveThePaceOnce() {
        bucket.throttled(0);
        bucket.throttled(SECOND - 1);
        assertEquals(PACE / 2 + PACE / 60, bucket.pace(SECOND), NEARLY);

        bucket.throttled(SECOND);

        assertEquals((PACE / 2 + PACE / 60) / 2, bucket.pace(SECOND), NEARLY);
    }

    @Test
    void thePaceComesBackOverAMinute() {
        bucket.throttled(0);

        assertEquals(PACE * 3 / 4, bucket.pace(15 * SECOND), NEARLY);
        assertEquals(PACE, bucket.pace(30 * SECOND), NEARLY);
        assertEquals(PACE, bucket.pace(3_600 * SECOND), NEARLY);
    }

    @Test
    void aPartOfThePaceRemainsHoweverOftenCallsAreThrottled() {
        long last = 100 * SECOND;
        for (long now = 0; now <= last; now += SECOND) {
            bucket.throttled(now);
        }

        assertEquals(PACE / 32, bucket.pace(last), NEARLY);
        assertEquals(PACE / 32 + PACE / 2, bucket.pace(last + 30 * SECOND), NEARLY);
    }

    @Test
    void hasSpareWhileHalfOfTheBurstIsThere() {
        bucket.take(0);
        bucket.take(0);
        assertTrue(bucket.hasSpare(0));

        bucket.take(0);

        assertFalse(bucket.hasSpare(0));
        assertTrue(bucket.hasSpare(SECOND / 10));
    }

    @Test
    void aHigherRateGivesNoCallsAtOnceAndFillsFaster() {
        empty(0);

        bucket.allow(2 * PACE, 2 * BURST, 0);

        assertEquals(Duration.ofMillis(50), bucket.take(0));
        assertEquals(2 * BURST, callsAtOnce(3_600 * SECOND));
    }

    @Test
    void aLowerRateTakesTheCallsBeyondItsBurst() {
        bucket.allow(PACE / 2, BURST / 2, 0);

        assertEquals(BURST / 2, callsAtOnce(0));
        assertEquals(Duration.ofMillis(400), bucket.take(0));
    }

    @Test
    void movingBackAndForthGainsNothing() {
        assertEquals(BURST, callsAtOnce(0));
        for (int i = 0; i < 10; i++) {
            bucket.allow(PACE / 8, BURST, 0);
            bucket.allow(PACE, BURST, 0);
        }

        assertEquals(0, callsAtOnce(0));
        assertEquals(PACE, bucket.pace(0), NEARLY);
    }

    @Test
    void aRateThatIsThrottledStaysSlowedByAsMuch() {
        bucket.throttled(0);

        bucket.allow(PACE / 4, BURST, 0);

        assertEquals(PACE / 8, bucket.pace(0), NEARLY);
        assertEquals(PACE / 4, bucket.pace(30 * SECOND), NEARLY);
    }

    @Test
    void allowingTheSameRateAgainHidesNoThrottle() {
        bucket.throttled(0);

        bucket.allow(PACE, BURST, SECOND / 2);
        bucket.throttled(SECOND);

        assertEquals((PACE / 2 + PACE / 60) / 2, bucket.pace(SECOND), NEARLY);
    }

    /** The number of calls that need not wait; the next one is taken as well. */
    private int callsAtOnce(long now) {
        int calls = 0;
        while (bucket.take(now).isZero()) {
            calls++;
        }
        return calls;
    }

    private void empty(long now) {
        for (int i = 0; i < BURST; i++) {
            assertEquals(Duration.ZERO, bucket.take(now));
        }
    }
}
