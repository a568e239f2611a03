package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Promise(6)
class FreshnessTrackerTest {

    private static final String A = Entities.clusterArn("a");
    private static final String B = Entities.clusterArn("b");
    private static final Instant FIRST = TestTime.START;
    private static final Instant SECOND = FIRST.plusSeconds(60);
    private static final Instant THIRD = SECOND.plusSeconds(60);

    private static final long TERM = 1;

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final TestTime time = new TestTime();
    private final ClockSteps steps = new ClockSteps(time, time::nanos);
    private final TestCoordination coordination = new TestCoordination();
    private final FreshnessTracker tracker = new FreshnessTracker(coordination, steps, Duration.ZERO);

    @BeforeEach
    void beLaterThanAllOfThem() {
        time.advance(Duration.ofMinutes(10));
    }

    @Test
    void theWholeIsUnknownUntilEachClusterHasBeenCompared() {
        tracker.listed(Set.of(A, B), at(FIRST), TERM);
        assertWhole(null);
        tracker.reconciled(A, at(FIRST), TERM);
        assertWhole(null);
        assertEquals(Map.of(A, FIRST), coordination.confirmation().clusters());

        tracker.reconciled(B, at(SECOND), TERM);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsUnknownWithoutAList() {
        tracker.reconciled(A, at(FIRST), TERM);

        assertWhole(null);
    }

    @Test
    void noClusterAtAllIsWholeUpToTheList() {
        tracker.listed(Set.of(), at(FIRST), TERM);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsAsFreshAsItsOldestCluster() {
        tracker.listed(Set.of(A, B), at(THIRD), TERM);
        tracker.reconciled(A, at(SECOND), TERM);
        tracker.reconciled(B, at(FIRST), TERM);
        assertWhole(FIRST);

        tracker.reconciled(B, at(THIRD), TERM);

        assertWhole(SECOND);
    }

    @Test
    void theWholeIsNoFresherThanTheList() {
        tracker.listed(Set.of(A), at(FIRST), TERM);
        tracker.reconciled(A, at(SECOND), TERM);
        assertWhole(FIRST);

        tracker.listed(Set.of(A), at(THIRD), TERM);

        assertWhole(SECOND);
    }

    @Test
    void aNewClusterHoldsTheListBackUntilItHasBeenCompared() {
        tracker.listed(Set.of(A), at(FIRST), TERM);
        tracker.reconciled(A, at(FIRST), TERM);

        tracker.listed(Set.of(A, B), at(SECOND), TERM);
        tracker.reconciled(A, at(THIRD), TERM);
        assertWhole(FIRST);

        tracker.reconciled(B, at(THIRD), TERM);
        assertWhole(SECOND);
    }

    @Test
    void aClusterThatIsGoneHoldsNothingBack() {
        tracker.listed(Set.of(A, B), at(THIRD), TERM);
        tracker.reconciled(A, at(FIRST), TERM);
        tracker.reconciled(B, at(SECOND), TERM);

        tracker.gone(A, TERM);

        assertWhole(SECOND);
        assertEquals(Map.of(B, SECOND), coordination.confirmation().clusters());
    }

    @Test
    void aClusterThatIsGoneBeforeItWasComparedIsNotAwaited() {
        tracker.listed(Set.of(A, B), at(FIRST), TERM);
        tracker.reconciled(A, at(SECOND), TERM);
        assertWhole(null);

        tracker.gone(B, TERM);

        assertWhole(FIRST);
    }

    @Test
    void whoTakesOverGoesOnWithWhatTheOtherConfirmed() {
        tracker.listed(Set.of(A, B), at(THIRD), TERM);
        tracker.reconciled(A, at(FIRST), TERM);
        tracker.reconciled(B, at(SECOND), TERM);
        tracker.loaded(TERM);
        FreshnessTracker successor = new FreshnessTracker(coordination, steps, Duration.ZERO);

        successor.resume(coordination.confirmation());
        successor.reconciled(A, at(THIRD), TERM);

        assertWhole(SECOND);
        assertTrue(coordination.confirmation().isLoaded());
        assertEquals(Map.of(A, THIRD, B, SECOND), coordination.confirmation().clusters());
    }

    @Test
    void whatWasFoundInAnotherTermIsRefused() {
        tracker.listed(Set.of(A), at(SECOND), TERM);
        coordination.term(2);
        assertThrows(IllegalStateException.class, () -> tracker.reconciled(A, at(FIRST), TERM));
        assertThrows(IllegalStateException.class, () -> tracker.listed(Set.of(A), at(FIRST), TERM));
        assertThrows(IllegalStateException.class, () -> tracker.gone(A, TERM));
        assertEquals(Map.of(), coordination.confirmation().clusters());
    }

    @Test
    void aPassThatBeganEarlierAndEndsLaterTakesNothingBack() {
        tracker.listed(Set.of(A), at(THIRD), TERM);
        tracker.reconciled(A, at(THIRD), TERM);

        tracker.listed(Set.of(A), at(FIRST), TERM);
        tracker.reconciled(A, at(SECOND), TERM);

        assertWhole(THIRD);
    }

    @Test
    void aPassIsConfirmedToItsBeginLessTheAllowance() {
        FreshnessTracker careful = new FreshnessTracker(coordination, steps, Duration.ofMinutes(5));
        careful.reconciled(A, at(THIRD), TERM);

        assertEquals(
                Map.of(A, THIRD.minus(Duration.ofMinutes(5))),
                coordination.confirmation().clusters());
    }

    @Test
    void aClockThatWasAheadAndIsSetRightLeavesNoFreshnessInTheFuture() {
        time.setClockAhead(AN_HOUR);
        Mark begun = tracker.begin();
        tracker.listed(Set.of(A, B), begun, TERM);
        tracker.reconciled(A, begun, TERM);
        tracker.reconciled(B, begun, TERM);
        Instant whileAhead = time.instant();
        assertWhole(whileAhead);

        time.setClockAhead(Duration.ZERO);
        time.advance(Duration.ofMinutes(1));
        Mark later = tracker.begin();
        tracker.reconciled(A, later, TERM);

        assertEquals(
                Map.of(A, later.wall(), B, whileAhead.minus(AN_HOUR)),
                coordination.confirmation().clusters());
        assertWhole(whileAhead.minus(AN_HOUR));
    }

    @Test
    void aClockThatIsSetInTheMiddleOfAPassDoesNotMoveWhatItConfirms() {
        Mark begun = tracker.begin();
        time.setClockAhead(AN_HOUR.negated());

        tracker.reconciled(A, begun, TERM);

        assertEquals(
                Map.of(A, begun.wall().minus(AN_HOUR)),
                coordination.confirmation().clusters());
    }

    @Test
    void whatAnotherClockHasConfirmedAheadOfThisOneIsTakenForNow() {
        coordination.confirm(new Confirmation(true, Optional.of(time.instant().plus(AN_HOUR)), Map.of()), TERM);

        tracker.resume(coordination.confirmation());
        tracker.reconciled(A, tracker.begin(), TERM);

        assertWhole(time.instant());
    }

    private static Mark at(Instant moment) {
        return new Mark(moment, Duration.between(TestTime.START, moment).toNanos());
    }

    private void assertWhole(Instant expected) {
        assertEquals(Optional.ofNullable(expected), coordination.confirmation().whole());
    }
}
