package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conclusions from a queue's messages about its rule, and about whether the mirror keeps up. */
class QueueTrendsTest {

    private static final ParsedBody RELEVANT = new ParsedBody.Unreadable("of ECS or not");
    private static final ParsedBody OTHER =
            new ParsedBody.Irrelevant("detail-type EC2 Instance State-change Notification");

    private final WatchedPath path = new WatchedPath();

    @Test
    void mostlyIrrelevantMessagesMeanThatTheRuleIsTooBroad() {
        read(RELEVANT, 9);
        read(OTHER, 91);
        assertEquals(List.of(), path.problems(), "before the window is whole");

        path.time.advance(IrrelevantShare.WINDOW);

        assertEquals(
                List.of(
                        "irrelevant messages: 91 of 100 carry no state of tasks or container instances, such as detail-type"
                                + " EC2 Instance State-change Notification; the rule that fills the queue matches too much"
                                + " (expected: an event pattern for the source aws.ecs and the detail-types to follow)"),
                path.problems());
        path.time.advance(IrrelevantShare.WINDOW);
        assertEquals(List.of(), path.problems(), "the next one brought none");
    }

    @Test
    void someIrrelevantMessagesOrFewAreNoProblem() {
        read(RELEVANT, 10);
        read(OTHER, 90);
        path.time.advance(IrrelevantShare.WINDOW);
        assertEquals(List.of(), path.problems());

        read(OTHER, IrrelevantShare.LEAST - 1);
        path.time.advance(IrrelevantShare.WINDOW);
        assertEquals(List.of(), path.problems());
    }

    @Test
    void messagesThatWaitLongerEachMinuteAreMoreThanTheMirrorKeepsUpWith() {
        for (int minute = 0; minute < 5; minute++) {
            minuteOf(Duration.ofSeconds(50L * minute + 1), 1);
            assertEquals(List.of(), path.problems());
        }

        minuteOf(Duration.ofSeconds(251), 1);

        assertEquals(
                List.of("wait in the queue: 4 minutes and growing (expected: seconds; allow more pollers, or look for a"
                        + " slow store or another consumer that holds messages)"),
                path.problems());
        minuteOf(Duration.ofSeconds(200), 1);
        assertEquals(1, path.problems().size(), "still long");
        minuteOf(WaitTrend.LONG.minusSeconds(1), 1);
        assertEquals(List.of(), path.problems());
    }

    @Test
    void aMinuteWithoutMessagesEndsIt() {
        for (int minute = 0; minute < 8; minute++) {
            minuteOf(Duration.ofSeconds(50L * minute + 1), 1);
        }
        assertEquals(1, path.problems().size());

        path.quiet(Duration.ofMinutes(2));

        assertEquals(List.of(), path.problems());
    }

    @Test
    void messagesThatComeAgainAreOldByNature() {
        for (int minute = 0; minute < 30; minute++) {
            minuteOf(Duration.ofMinutes(minute), 2 + minute);
        }

        assertEquals(List.of(), path.problems(), "one that cannot be read, in a quiet queue");
    }

    @Test
    void aBacklogThatIsWorkedOffIsNoProblem() {
        for (int minute = 0; minute < 60; minute++) {
            minuteOf(Duration.ofMinutes(180 - 3L * minute), 1);
            assertEquals(List.of(), path.problems());
        }
    }

    @Test
    void waitsThatGoUpAndDownAreNoProblem() {
        Seeds.forEach(50, random -> {
            WatchedPath busy = new WatchedPath();
            List<String> said = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                busy.poll(busy.delivery(Duration.ofSeconds(random.nextInt(100)), 1));
                busy.time.advance(Duration.ofSeconds(random.nextInt(20)));
                said.addAll(busy.problems());
            }
            assertTrue(said.isEmpty(), said::toString);
        });
    }

    private void read(ParsedBody reading, int times) {
        for (int i = 0; i < times; i++) {
            path.read(reading);
        }
    }

    /** A minute in which a message comes every ten seconds, each after such a wait. */
    private void minuteOf(Duration wait, int receipts) {
        for (int i = 0; i < 6; i++) {
            path.poll(path.delivery(wait, receipts));
            path.time.advance(Duration.ofSeconds(10));
        }
    }
}
