package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RevisionTimesTest {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final TestTime time = new TestTime();
    private final RevisionTimes times = new RevisionTimes(time, LONGEST);

    @Test
    void nothingIsKnownFromBeforeTheFirst() {
        assertEquals(OptionalLong.empty(), times.before(time.nanos()));
        times.reached(7);

        assertEquals(OptionalLong.empty(), times.before(time.nanos()), "a moment is not before itself");
        time.advance(Duration.ofNanos(1));
        assertEquals(OptionalLong.of(7), times.before(time.nanos()));
    }

    @Test
    void aStoreThatBeginsAnewIsForgotten() {
        times.reached(7);
        time.advance(LONGEST);

        times.reached(3);

        assertEquals(OptionalLong.empty(), times.before(time.nanos()));
    }

    /**
     * The reported revision was reached by then, and no revision from more than a sample's width before is left out.
     */
    @Test
    void itIsNeverAheadAndNeverFarBehind() {
        Seeds.forEach(200, random -> {
            TestTime clock = new TestTime();
            RevisionTimes sampled = new RevisionTimes(clock, LONGEST);
            TreeMap<Long, Long> all = new TreeMap<>();
            long revision = 0;
            for (int i = 0; i < 3_000; i++) {
                clock.advance(
                        Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(60_000) : random.nextInt(500)));
                revision += 1 + random.nextInt(5);
                sampled.reached(revision);
                all.put(clock.nanos(), revision);
                long moment = clock.nanos() - (long) (random.nextDouble() * LONGEST.toNanos());
                long width = LONGEST.toNanos() / 50;
                var exact = all.lowerEntry(moment);
                var earlier = all.lowerEntry(moment - width);
                OptionalLong said = sampled.before(moment);
                assertTrue(said.isEmpty() || said.getAsLong() <= exact.getValue(), "ahead");
                assertTrue(earlier == null || said.orElse(-1) >= earlier.getValue(), "far behind");
            }
        });
    }
}
