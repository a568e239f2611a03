package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.mirror.DefinitionRefusals.Kind;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DefinitionRefusalsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestTime time = new TestTime();

    private DefinitionRefusals refusals(Random random) {
        return new DefinitionRefusals(new Environment(time, time, Environment::daemon, random));
    }

    /** On time that moves by itself, as no other test's does. */
    @Test
    void whatWasNotRefusedIsDueAtOnce() {
        DefinitionRefusals real = new DefinitionRefusals(
                new Environment(InstantSource.system(), MonotonicTime.SYSTEM, Environment::daemon, new Random(1)));

        assertTrue(real.isDue("a"));
    }

    @Test
    void thePauseDoublesFromAMinuteToAnHour() {
        Seeds.forEach(50, random -> {
            DefinitionRefusals refusals = refusals(random);
            Duration most = MINUTE;
            for (int i = 1; i <= 20; i++) {
                assertEquals(i == 1, refusals.add("a", Kind.REFUSED, "refusal " + i));
                time.advance(most.dividedBy(2).minusNanos(1));
                assertFalse(refusals.isDue("a"), "half of the longest pause");
                time.advance(most.dividedBy(2).plusNanos(1));
                assertTrue(refusals.isDue("a"), "the longest pause");
                most = most.multipliedBy(2).compareTo(HOUR) > 0 ? HOUR : most.multipliedBy(2);
            }
            assertEquals(Map.of("a", "refusal 20"), refusals.reasons());
        });
    }

    @Test
    void whatNoLongerWaitsIsForgotten() {
        DefinitionRefusals refusals = refusals(new Random(1));
        refusals.add("a", Kind.REFUSED, "why");
        refusals.add("b", Kind.REFUSED, "why");

        refusals.keepOnly("b"::equals);

        assertTrue(refusals.isDue("a"));
        assertEquals(Map.of("b", "why"), refusals.reasons());
    }

    @Test
    void aPassingFailureIsShortAndReportedOnceItLasts() {
        DefinitionRefusals refusals = refusals(new Random(1));

        assertTrue(refusals.add("a", Kind.PASSING, "outage"));
        assertFalse(refusals.isDue("a"));
        assertTrue(refusals.isDue("b"));
        time.advance(Duration.ofSeconds(2));
        assertTrue(refusals.isDue("a"));
        assertFalse(refusals.add("a", Kind.PASSING, "outage"));
        assertEquals(Map.of(), refusals.reasons());
        refusals.add("a", Kind.PASSING, "outage");
        assertEquals(Map.of("a", "outage"), refusals.reasons());
        for (int i = 0; i < 20; i++) {
            refusals.add("a", Kind.PASSING, "outage");
        }
        time.advance(Duration.ofMinutes(5));
        assertTrue(refusals.isDue("a"));
    }

    @Test
    void aDenialPausesEveryDefinitionUntilAProbeIsPermitted() {
        DefinitionRefusals refusals = refusals(new Random(1));

        assertTrue(refusals.add("a", Kind.DENIED, "denied"));
        assertFalse(refusals.isDue("b"));
        time.advance(MINUTE);
        assertTrue(refusals.isDue("b"));
        assertFalse(refusals.add("b", Kind.DENIED, "denied"), "one warning for the denial");
        assertFalse(refusals.isDue("c"));
        time.advance(MINUTE.dividedBy(2).minusNanos(1));
        assertFalse(refusals.isDue("c"), "the pause doubles");
        time.advance(MINUTE.multipliedBy(2));

        assertEquals(2, refusals.permitted());
        assertEquals(0, refusals.permitted());
        assertTrue(refusals.add("a", Kind.DENIED, "denied"), "another denial");
    }
}
