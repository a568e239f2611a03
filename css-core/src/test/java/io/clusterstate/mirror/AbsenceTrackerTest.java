package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Removal;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@Promise(8)
class AbsenceTrackerTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final Duration ALLOWANCE = Duration.ofMinutes(5);
    private static final int KNOWN = 100;
    private static final String ARN = Entities.taskArn("c", "1");

    private final AbsenceTracker memory = new AbsenceTracker();

    @Test
    void whatWasListedLatelyIsNotLongAbsent() {
        memory.listed(List.of(), 0);

        memory.listed(List.of(ARN), MINUTE);

        assertFalse(memory.isLongAbsent(ARN, 5 * MINUTE - 1, ALLOWANCE));
        assertTrue(memory.isLongAbsent(ARN, 5 * MINUTE, ALLOWANCE));
    }

    @Test
    void whatWasNeverListedIsLongAbsent() {
        memory.listed(List.of(ARN), 0);

        assertTrue(memory.isLongAbsent(ARN, 0, ALLOWANCE));
    }

    @Test
    void whatWasAbsentBeforeKeepsTheTimeWhenItWasListed() {
        memory.listed(List.of(), 0);
        memory.listed(List.of(ARN), 3 * MINUTE);

        memory.listed(List.of(ARN), 5 * MINUTE);

        assertTrue(memory.isLongAbsent(ARN, 5 * MINUTE, ALLOWANCE));
    }

    @Test
    void whatWasNeverListedStaysSoInTheNextListing() {
        memory.listed(List.of(ARN), 0);

        memory.listed(List.of(ARN), MINUTE);

        assertTrue(memory.isLongAbsent(ARN, MINUTE, ALLOWANCE));
    }

    @Test
    void whatCameBackIsAbsentFromThenOn() {
        memory.listed(List.of(), 0);
        memory.listed(List.of(ARN), MINUTE);
        memory.listed(List.of(), 4 * MINUTE);

        memory.listed(List.of(ARN), 8 * MINUTE);

        assertFalse(memory.isLongAbsent(ARN, 8 * MINUTE, ALLOWANCE));
    }

    @Test
    void aFewGoAtOnceHoweverSmallTheCluster() {
        List<Removal<?>> few = removals(0, 10);

        assertEquals(few, memory.admit(few, 10, 0, ALLOWANCE));
    }

    @Test
    void aSmallPartGoesAtOnceAndMoreIsHeld() {
        List<Removal<?>> part = removals(0, 20);
        List<Removal<?>> more = removals(0, 21);

        assertEquals(part, memory.admit(part, KNOWN, 0, ALLOWANCE));
        assertEquals(List.of(), memory.admit(more, KNOWN, 0, ALLOWANCE));
    }

    @Test
    void theHeldGoAtASecondLookWhichIsNoneBeforeTheAllowance() {
        List<Removal<?>> many = removals(0, 50);
        assertEquals(List.of(), memory.admit(many, KNOWN, 0, ALLOWANCE));

        assertEquals(List.of(), memory.admit(many, KNOWN, 5 * MINUTE - 1, ALLOWANCE));
        assertEquals(many, memory.admit(many, KNOWN, 5 * MINUTE, ALLOWANCE));
    }

    @Test
    void aFewNewOnesGoWithTheHeld() {
        List<Removal<?>> many = removals(0, 50);
        memory.admit(many, KNOWN, 0, ALLOWANCE);
        List<Removal<?>> fewMore = removals(0, 60);

        assertEquals(fewMore, memory.admit(fewMore, KNOWN, 5 * MINUTE, ALLOWANCE));
    }

    @Test
    void manyNewOnesBesideTheHeldWaitForTheirOwnSecondLook() {
        List<Removal<?>> held = removals(0, 30);
        memory.admit(held, KNOWN, 0, ALLOWANCE);
        List<Removal<?>> added = removals(30, 60);
        List<Removal<?>> all =
                Stream.<Removal<?>>concat(held.stream(), added.stream()).toList();

        assertEquals(held, memory.admit(all, KNOWN, 5 * MINUTE, ALLOWANCE));
        assertEquals(List.of(), memory.admit(added, KNOWN, 9 * MINUTE, ALLOWANCE));
        assertEquals(added, memory.admit(added, KNOWN, 10 * MINUTE, ALLOWANCE));
    }

    @Test
    void whatWasNotProvenAgainIsHeldNoLonger() {
        List<Removal<?>> many = removals(0, 50);
        memory.admit(many, KNOWN, 0, ALLOWANCE);

        memory.admit(List.of(), KNOWN, 5 * MINUTE, ALLOWANCE);

        assertEquals(List.of(), memory.admit(many, KNOWN, 10 * MINUTE, ALLOWANCE));
    }

    private static List<Removal<?>> removals(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(Integer::toString)
                .<Removal<?>>map(id -> new Removal<>(
                        EntityKind.TASK,
                        Entities.taskArn("c", id),
                        Entities.clusterArn("c"),
                        1,
                        Entities.NOW,
                        Removal.Reason.MISSING))
                .toList();
    }
}
