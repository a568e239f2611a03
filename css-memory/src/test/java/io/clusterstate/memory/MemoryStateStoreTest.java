package io.clusterstate.memory;

import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.gone;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.spi.contract.SnapshotInvariants;
import io.clusterstate.spi.contract.StateStoreContract;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The contract, and what is of this store only: elapsed time, and that each change has a revision. */
class MemoryStateStoreTest extends StateStoreContract {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration STEP = Duration.ofMillis(50);

    private final TestClock clock = new TestClock();
    private final StateStore store = newStore(clock, HOUR, DAY);

    @Override
    protected StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones) {
        Ticker passing = () -> Duration.between(Entities.NOW, clock.instant()).toNanos();
        return new MemoryStateStore(keepEnded, keepTombstones, clock, new ChangeJournal(), passing);
    }

    @AfterEach
    void checkIndexes() {
        SnapshotInvariants.check(store.journal());
    }

    @Test
    void anEndIsSeenOnceAndNotBeforeItsTimeHoweverOftenItIsLookedFor() {
        apply(store, end(3, 0));
        clock.turn(HOUR.minusSeconds(2));
        int removals = 0;

        for (Duration sinceEnd = Duration.ofSeconds(-2); sinceEnd.toSeconds() < 3; sinceEnd = sinceEnd.plus(STEP)) {
            removals += store.expire().size();
            assertTrue(removals == 0 || !sinceEnd.isNegative(), "removed at " + sinceEnd);
            assertTrue(removals == 1 || sinceEnd.toSeconds() < 2, "not yet removed at " + sinceEnd);
            clock.turn(STEP);
        }

        assertEquals(1, removals);
    }

    @Test
    void whatIsMadeAgainInTheMomentOfItsEndIsKept() {
        for (Duration sinceEnd = Duration.ZERO; sinceEnd.toSeconds() < 2; sinceEnd = sinceEnd.plus(STEP)) {
            TestClock turned = new TestClock();
            StateStore atEnd = storeAtTheEndOfAService(turned, sinceEnd);

            apply(atEnd, SampleChanges.service("ACTIVE", 3_601));

            turned.turn(DAY);
            assertEquals(List.of(), atEnd.expire(), "made again " + sinceEnd + " after its end");
            assertEquals(1, atEnd.snapshot().services().status("ACTIVE").count());
        }
    }

    @Test
    void whatEndsAgainInTheMomentOfItsEndIsKeptForItsTime() {
        for (Duration sinceEnd = Duration.ZERO; sinceEnd.toSeconds() < 2; sinceEnd = sinceEnd.plus(STEP)) {
            TestClock turned = new TestClock();
            StateStore atEnd = storeAtTheEndOfAService(turned, sinceEnd);

            apply(atEnd, SampleChanges.service("ACTIVE", 3_601));
            apply(atEnd, SampleChanges.service("INACTIVE", 3_602));

            turned.turn(HOUR.minusSeconds(9));
            assertEquals(List.of(), atEnd.expire(), "ended again " + sinceEnd + " after its end");
            turned.turn(Duration.ofSeconds(15));
            assertEquals(1, atEnd.expire().size());
        }
    }

    /** Looked at just before and just after the end, perhaps within one turn of Caffeine's timer wheel. */
    private StateStore storeAtTheEndOfAService(TestClock turned, Duration sinceEnd) {
        StateStore atEnd = newStore(turned, HOUR, DAY);
        apply(atEnd, SampleChanges.service("INACTIVE", 0));
        turned.turn(HOUR.minus(STEP));
        atEnd.expire();
        turned.turn(STEP.plus(sinceEnd));
        atEnd.expire();
        return atEnd;
    }

    /** By how many hours a clock is wrong for a while. */
    private static final List<Long> WRONG_BY = List.of(25L, 24L * 4_000, -6L, -72L);

    @Test
    @Promise(3)
    void aClockThatIsSetForgetsNoRemoval() {
        for (long hours : WRONG_BY) {
            AtomicLong passed = new AtomicLong();
            StateStore set = storeWithTimeOfItsOwn(passed);
            apply(set, event(3));
            apply(set, gone(3, 0));

            clock.turn(Duration.ofHours(hours));
            set.expire();
            assertEquals(Outcome.OUTDATED, apply(set, event(3)).outcome(), "while wrong by " + hours);
            clock.turn(Duration.ofHours(-hours));
            passed.addAndGet(DAY.minusSeconds(5).toNanos());
            set.expire();
            assertEquals(Outcome.OUTDATED, apply(set, event(3)).outcome(), "after it was wrong by " + hours);

            passed.addAndGet(Duration.ofSeconds(10).toNanos());
            set.expire();
            assertEquals(Outcome.ADDED, apply(set, event(3)).outcome());
        }
    }

    @Test
    void aClockThatIsSetEndsNoRetentionAndProlongsNone() {
        for (long hours : WRONG_BY) {
            AtomicLong passed = new AtomicLong();
            StateStore set = storeWithTimeOfItsOwn(passed);
            apply(set, end(3, 0));
            apply(set, event("t2", 1));

            clock.turn(Duration.ofHours(hours));
            assertEquals(List.of(), set.expire(), "wrong by " + hours);
            passed.addAndGet(HOUR.minusSeconds(2).toNanos());
            assertEquals(List.of(), set.expire(), "wrong by " + hours);
            passed.addAndGet(Duration.ofSeconds(5).toNanos());

            assertEquals(1, set.expire().size(), "wrong by " + hours);
            assertEquals(1, set.snapshot().tasks().count());
            clock.turn(Duration.ofHours(-hours));
        }
    }

    private StateStore storeWithTimeOfItsOwn(AtomicLong passed) {
        return new MemoryStateStore(HOUR, DAY, clock, new ChangeJournal(), passed::get);
    }

    @Test
    void aStopOfAnAbsurdMomentIsKeptOrGoneAndBreaksNothing() {
        for (Instant moment : List.of(Instant.MIN, Instant.MAX)) {
            StateStore odd = newStore(clock, HOUR, DAY);
            Task task = SampleChanges.running(3).toBuilder()
                    .lastStatus("STOPPED")
                    .stoppedAt(moment)
                    .build();

            Outcome outcome = apply(odd, SampleChanges.byEvent(TASK, task)).outcome();

            assertEquals(moment.equals(Instant.MIN) ? Outcome.EXPIRED : Outcome.ADDED, outcome);
            assertEquals(List.of(), odd.expire());
        }
    }

    @Test
    void zeroRetentionKeepsWhatEndsUntilTheNextCall() {
        StateStore brief = newStore(clock, Duration.ZERO, Duration.ZERO);
        assertEquals(Outcome.ADDED, apply(brief, end(3, 0)).outcome());
        assertEquals(1, brief.snapshot().tasks().count());

        clock.turn(Duration.ofSeconds(2));
        assertEquals(1, brief.expire().size());
        assertEquals(Outcome.EXPIRED, apply(brief, end(3, 0)).outcome());

        clock.turn(Duration.ofSeconds(2));
        assertEquals(List.of(), brief.expire());
        assertEquals(Outcome.ADDED, apply(brief, event(1)).outcome());
    }

    @Test
    void aLaterProofProlongsATombstoneAndALateEventDoesNot() {
        apply(store, gone(3, 0));
        clock.turn(DAY.minusHours(1));
        apply(store, event(3));
        apply(store, gone(3, 0));
        apply(store, missing(SERVICE, SampleChanges.service("ACTIVE", 0).arn(), 0, 0));
        apply(store, missing(SERVICE, SampleChanges.service("ACTIVE", 0).arn(), 0, 100));

        clock.turn(HOUR.plusSeconds(2));
        store.expire();

        assertEquals(Outcome.ADDED, apply(store, event(3)).outcome());
        assertEquals(
                Outcome.OUTDATED,
                apply(store, SampleChanges.service("ACTIVE", 100)).outcome());
    }

    @Test
    void aBatchThatFailsLeavesNothingBehind() {
        List<Change<?>> broken = Arrays.asList(event(3), null);

        assertThrows(NullPointerException.class, () -> store.apply(broken));

        assertEquals(0, store.snapshot().revision());
        assertEquals(Outcome.ADDED, apply(store, event(3)).outcome());
        assertEquals(1, store.snapshot().tasks().count());
    }

    @Test
    void everyEffectiveChangeHasARevisionOfItsOwn() {
        List<Applied> applied = store.apply(List.of(event(1), event(1), event(2), gone(2, 10), event("t2", 1)));

        assertEquals(1, applied.get(0).after().revision());
        assertEquals(2, applied.get(2).after().revision());
        assertEquals(4, applied.get(4).after().revision());
        assertEquals(4, store.snapshot().revision());
    }

    @Test
    void durationsOutOfRangeAreRefused() {
        for (Duration wrong : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThrows(IllegalArgumentException.class, () -> newStore(clock, wrong, DAY));
            assertThrows(IllegalArgumentException.class, () -> newStore(clock, HOUR, wrong));
        }
    }

    @Test
    void aStoreOfOneProcessIsNotShared() {
        assertTrue(store.coordination().isEmpty());
    }

    private static Applied apply(StateStore store, Change<?> change) {
        return store.apply(List.of(change)).get(0);
    }
}
