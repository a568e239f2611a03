package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JumpingClockTest {

    private final Instant began = Instant.parse("2026-03-01T10:00:00Z");
    private Duration passed = Duration.ZERO;

    @Test
    void itIsRightAtFirstThenJumpsFarForwardAndBackEveryFewSeconds() {
        JumpingClock clock = clock(1);
        assertEquals(Duration.ZERO, errorOf(clock));

        Set<Duration> errors = new TreeSet<>();
        for (int i = 0; i < 600; i++) {
            pass(Duration.ofMillis(100));
            errors.add(errorOf(clock));
        }

        assertEquals(
                List.of(
                        Duration.ofHours(-6),
                        Duration.ofMinutes(-10),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Duration.ofHours(6)),
                List.copyOf(errors));
        assertTrue(clock.jumps() >= 10 && clock.jumps() <= 30, () -> "jumps in a minute: " + clock.jumps());
    }

    @Test
    void setRightItStaysRight() {
        JumpingClock clock = clock(2);
        while (clock.jumps() < 1 || errorOf(clock).isZero()) {
            pass(Duration.ofSeconds(1));
            clock.instant();
        }

        clock.setRight();

        for (int i = 0; i < 60; i++) {
            assertEquals(Duration.ZERO, errorOf(clock));
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void theSeedSaysHowItJumps() {
        assertEquals(errors(clock(3)), errors(clock(3)));
        assertNotEquals(errors(clock(3)), errors(clock(4)));
    }

    private List<Duration> errors(JumpingClock clock) {
        List<Duration> errors = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(1));
            errors.add(errorOf(clock));
        }
        return errors;
    }

    private JumpingClock clock(long seed) {
        return new JumpingClock(() -> began.plus(passed), () -> passed.toNanos(), seed);
    }

    private Duration errorOf(JumpingClock clock) {
        return Duration.between(began.plus(passed), clock.instant());
    }

    private void pass(Duration time) {
        passed = passed.plus(time);
    }
}
