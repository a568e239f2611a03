package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StrictClockTest {

    private final TestTime time = new TestTime();
    private final StrictClock clock = new StrictClock(time);

    @Test
    void neverShowsTheSameMomentTwice() {
        assertEquals(TestTime.START, clock.instant());
        assertEquals(TestTime.START.plusNanos(1), clock.instant());
        assertEquals(TestTime.START.plusNanos(2), clock.instant());
    }

    @Test
    void doesNotGoBackWhenTheClockBehindItIsSetBack() {
        Instant before = clock.instant();

        time.setClockAhead(Duration.ofHours(-1));

        assertTrue(clock.instant().isAfter(before));
    }

    @Test
    void followsTheClockBehindItForward() {
        clock.instant();
        clock.instant();

        time.setClockAhead(Duration.ofHours(1));

        assertEquals(TestTime.START.plusSeconds(3_600), clock.instant());
    }

    @Test
    void isLaterThanAnyStampThatItHasSeen() {
        Instant ofAnother = TestTime.START.plusSeconds(60);

        clock.observe(ofAnother);
        clock.observe(TestTime.START);

        assertEquals(ofAnother.plusNanos(1), clock.instant());
    }
}
