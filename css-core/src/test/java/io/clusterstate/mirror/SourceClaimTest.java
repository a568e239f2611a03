package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.StoreLink;
import io.clusterstate.mirror.ClaimWorld.Claimant;
import io.clusterstate.mirror.ClaimWorld.Fate;
import io.clusterstate.spi.ClaimForbiddenException;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mirrors with stores of their own on one queue, in orders that occur in practice. */
class SourceClaimTest {

    /** Some calls of 40 ms. */
    private static final Duration CALLS = Duration.ofMillis(200);

    private static final Duration START = SourceClaim.SETTLING.plus(CALLS);
    /** Until a standby has noticed that the queue is free, and has it. */
    private static final Duration HANDOVER = SourceClaim.LOOK.plus(START);

    private static final Duration TAKEOVER = SourceClaim.VALIDITY.plus(HANDOVER);
    private static final Duration HOURS = Duration.ofHours(6);

    private final ClaimWorld world = new ClaimWorld();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aFreeQueueIsTakenWithinASecondAndTheNoteSaysByWhomAndSinceWhen() {
        Claimant only = world.start("only");

        world.run(START);

        assertPolls(only);
        assertEquals(List.of("taken"), only.heard, "nobody else has taken events");
        String note = world.note().orElseThrow();
        assertTrue(note.startsWith("only since 2026-11-23T12:00:00Z renewed 2026-11-23T12:00:0"), note);
    }

    @Test
    void everyRenewalChangesTheNoteAlsoWhenTheClockStandsStill() {
        Claimant only = world.start("only");
        world.run(START);
        for (int i = 0; i < 10; i++) {
            String before = world.note().orElseThrow();
            only.setClockAhead(SourceClaim.RENEWAL.negated().multipliedBy(i + 1));
            world.run(SourceClaim.RENEWAL.plus(CALLS));
            assertFalse(before.equals(world.note().orElseThrow()), before);
            assertPolls(only);
        }
    }

    @Test
    void aSecondIsInStandbyForEverWhileTheHolderRenewsAndSaysWhoHoldsTheQueueSinceWhen() {
        Claimant holder = world.start("holder");
        world.run(START);
        Claimant stray = world.start("stray");
        world.run(CALLS);

        assertTrue(stray.claim().isStandby());
        assertEquals(
                "standby: queue q is held by the mirror holder since 2026-11-23T12:00:00Z"
                        + " (expected: during a rolling deployment; otherwise stop one of the two mirrors)",
                stray.claim().problem().orElseThrow());
        StoreLink link = stray.claim().link();
        assertEquals(StoreLink.State.STANDBY, link.state());
        assertFalse(link.isLive());
        world.run(HOURS);

        assertPolls(holder);
        assertEquals(Duration.ZERO, world.longestShared());
        assertEquals(List.of("stood by"), stray.heard);
        assertEquals(link, stray.claim().link(), "the words do not change meanwhile");
        assertEquals(Optional.empty(), holder.claim().problem());
    }

    @Test
    void aStandbyTakesTheQueueWithinSecondsOfItsReleaseAndComparesOnceMore() {
        Claimant first = world.start("first");
        world.run(START);
        Claimant second = world.start("second");
        world.run(CALLS);

        first.end();
        world.run(HANDOVER);

        assertPolls(second);
        assertEquals(List.of("stood by", "taken over"), second.heard);
        assertEquals(Optional.empty(), second.claim().problem());
        assertEquals(StoreLink.LOCAL, second.claim().link());
        assertEquals(Duration.ZERO, world.longestShared());
    }

    @Test
    void oneThatGaveTheQueueUpComparesOnceMoreWhenItTakesItAgain() {
        Claimant first = world.start("first");
        world.run(START);
        first.mayNotHold(true);
        Claimant second = world.start("second");
        world.run(SourceClaim.RENEWAL.plus(HANDOVER));
        assertPolls(second);

        second.end();
        world.run(CALLS);
        first.mayNotHold(false);
        world.run(HANDOVER);

        assertPolls(first);
        assertEquals(List.of("taken", "taken over"), first.heard, "the second has taken events meanwhile");
        assertEquals(Duration.ZERO, world.longestShared());
    }

    @Test
    void theQueueOfOneThatIsKilledIsTakenWhenItHasNotRenewedForTheValidity() {
        Claimant killed = world.start("killed");
        world.run(START);
        killed.kill();
        Claimant successor = world.start("successor");

        world.run(SourceClaim.VALIDITY.minusSeconds(1));
        assertPolls();
        assertTrue(successor.claim().isStandby());
        world.run(TAKEOVER.minus(SourceClaim.VALIDITY).plusSeconds(1));

        assertPolls(successor);
        assertEquals(List.of("stood by", "taken over"), successor.heard);
    }

    @Test
    void clocksThatDifferByHoursHoldNobodyUpAndLetNobodySteal() {
        for (Duration ahead : List.of(HOURS, HOURS.negated())) {
            try (ClaimWorld other = new ClaimWorld()) {
                Claimant holder = other.start("holder");
                holder.setClockAhead(ahead);
                other.run(START);
                Claimant watcher = other.start("watcher");
                other.run(Duration.ofMinutes(10));
                assertEquals(List.of(holder), other.polling());

                holder.kill();
                other.run(TAKEOVER);
                assertEquals(List.of(watcher), other.polling());
            }
        }
    }

    @Test
    void aWatchersClockThatIsSetChangesNothing() {
        Claimant holder = world.start("holder");
        world.run(START);
        Claimant watcher = world.start("watcher");
        for (Duration ahead : List.of(HOURS, HOURS.negated(), Duration.ofMinutes(10), Duration.ZERO)) {
            watcher.setClockAhead(ahead);
            world.run(Duration.ofMinutes(2));
            assertPolls(holder);
        }
        holder.kill();
        world.run(Duration.ofSeconds(20));
        watcher.setClockAhead(HOURS);
        world.run(Duration.ofSeconds(5));
        assertPolls();
        watcher.setClockAhead(HOURS.negated());
        world.run(TAKEOVER.minusSeconds(25));
        assertPolls(watcher);
    }

    @Test
    void ofThreeThatClaimInTheSameMomentExactlyOneGoesOn() {
        List<Claimant> all = List.of(world.start("one"), world.start("two"), world.start("three"));

        world.run(Duration.ofMinutes(5));

        assertEquals(1, world.polling().size());
        assertEquals(Duration.ZERO, world.longestShared());
        assertEquals(2, all.stream().filter(each -> each.claim().isStandby()).count());
    }

    @Test
    void aHolderThatFindsTheNoteOfAnotherIsInStandby() {
        Claimant holder = world.start("holder");
        world.run(START);
        world.note(Optional.of("another since 2026-11-23T11:00:00Z renewed 2026-11-23T11:00:00Z 1"));

        world.run(SourceClaim.RENEWAL.plus(CALLS));

        assertPolls();
        assertTrue(holder.claim().isStandby());
        world.run(TAKEOVER);
        assertPolls(holder);
        assertEquals(List.of("taken", "stood by", "taken over"), holder.heard);
    }

    @Test
    void aHolderThatCannotRenewStopsInTimeAndGoesOnWhenItCanAgain() {
        Claimant holder = world.start("holder");
        world.run(START);
        holder.cutOff(true);

        world.run(SourceClaim.VALIDITY.minus(SourceClaim.RENEWAL));
        assertPolls(holder);
        world.run(SourceClaim.RENEWAL);
        assertPolls();
        assertEquals(
                "queue q: not polled until its claim can be renewed (expected: a renewal at least every 45 s;"
                        + " the failure of the loop claim has the cause)",
                holder.claim().problem().orElseThrow());
        holder.cutOff(false);
        world.run(HANDOVER);

        assertPolls(holder);
        assertEquals(Optional.empty(), holder.claim().problem());
    }

    @Test
    void aHolderThatCannotRenewHasStoppedBeforeAnotherTakesTheQueueAndStandsByAfterwards() {
        Claimant holder = world.start("holder");
        world.run(START);
        Claimant other = world.start("other");
        world.run(SourceClaim.RENEWAL);
        holder.cutOff(true);
        world.run(TAKEOVER);

        assertPolls(other);
        assertEquals(Duration.ZERO, world.longestShared());
        holder.cutOff(false);
        world.run(HANDOVER);
        assertPolls(other);
        assertTrue(holder.claim().isStandby());
    }

    @Test
    void anOutageOfTheQueueForAllTakesItFromNobody() {
        Claimant holder = world.start("holder");
        world.run(START);
        world.start("watcher");
        world.run(CALLS);
        for (int i = 0; i < 10; i++) {
            world.fate(() -> Fate.REFUSED);
            world.run(Duration.ofMinutes(10).plusSeconds(i));
            assertPolls();
            world.fate(() -> Fate.ANSWERED);
            world.run(Duration.ofMinutes(1));
            assertPolls(holder);
        }
    }

    @Test
    void oneThatIsStalledForMinutesStandsByWhenItGoesOn() {
        Claimant stalled = world.start("stalled");
        world.run(START);
        Claimant other = world.start("other");
        world.run(CALLS);

        stalled.stall(Duration.ofMinutes(3));
        world.run(Duration.ofMinutes(2));
        assertPolls(other);
        world.run(Duration.ofMinutes(2));

        assertPolls(other);
        assertTrue(stalled.claim().isStandby());
        assertEquals(Duration.ZERO, world.longestShared());
    }

    @Test
    void aNoteThatSomebodyRemovesIsWrittenAnewAndEventsMayHaveGoneElsewhereMeanwhile() {
        Claimant holder = world.start("holder");
        world.run(START);
        world.note(Optional.empty());

        world.run(SourceClaim.RENEWAL.plus(START));

        assertPolls(holder);
        assertEquals(List.of("taken", "taken over"), holder.heard);
    }

    @Test
    void aNoteOfAnotherKindIsAClaimLikeAnyOtherAndEndsWhenNobodyChangesIt() {
        world.note(Optional.of("what is this"));
        Claimant claimant = world.start("claimant");
        world.run(CALLS);

        assertEquals(
                "standby: queue q is held by the foreign note \"what is this\""
                        + " (expected: during a rolling deployment; otherwise stop one of the two mirrors)",
                claimant.claim().problem().orElseThrow());
        world.run(TAKEOVER);
        assertPolls(claimant);
    }

    @Test
    void aLateWriteWaitsUntilAHolderBelowItHasLooked() {
        Claimant slow = world.start("slow");
        slow.stallInNextWrite(Duration.ofSeconds(3));
        world.in(Duration.ofMillis(95), () -> world.start("quick"));

        world.run(Duration.ofSeconds(2));
        assertEquals("[quick]", world.polling().toString());
        world.run(Duration.ofMinutes(1));

        assertPolls(slow);
        assertEquals(Duration.ZERO, world.longestShared(), world::history);
    }

    @Test
    void aRenewalThatArrivesAfterTheClaimHasEndedWaitsUntilTheSuccessorHasLooked() {
        Claimant late = world.start("late");
        world.run(START);
        Claimant successor = world.start("successor");
        late.cutOff(true);
        world.run(Duration.ofSeconds(30));
        late.cutOff(false);
        late.stallInNextWrite(
                Duration.ofSeconds(25)); // it looks while its claim is valid, and writes when it has ended
        world.run(Duration.ofSeconds(20));
        assertPolls(successor);

        world.run(Duration.ofSeconds(10));

        assertTrue(world.note().orElseThrow().startsWith("late "), world::history);
        assertFalse(late.isPolling());
        world.run(Duration.ofMinutes(1));
        assertPolls(late);
        assertEquals(Duration.ZERO, world.longestShared(), world::history);
    }

    @Test
    void aClaimThatArrivesAfterItsFailureWaitsUntilAHolderBelowItHasLooked() {
        AtomicInteger calls = new AtomicInteger();
        world.fate(() -> calls.incrementAndGet() == 3 ? Fate.LATE : Fate.ANSWERED); // two looks, and the first write
        Claimant late = world.start("late");
        world.in(Duration.ofMillis(95), () -> world.start("quick"));

        world.run(Duration.ofSeconds(10));
        assertTrue(world.note().orElseThrow().startsWith("late "), world::history);
        assertEquals("[quick]", world.polling().toString());
        world.run(Duration.ofMinutes(1));

        assertPolls(late);
        assertEquals(Duration.ZERO, world.longestShared(), world::history);
    }

    @Test
    void whereNotesAreForbiddenTheQueueIsPolledWithoutAClaim() {
        Claimant claimant = world.start("claimant");
        claimant.forbid(true);

        world.run(Duration.ofHours(1));

        assertPolls(claimant);
        assertNull(claimant.lastFailure);
        assertEquals(List.of("taken"), claimant.heard);
    }

    @Test
    void whereOnlyWritingIsForbiddenTooButNotWhileAnotherHoldsTheQueue() {
        Claimant holder = world.start("holder");
        world.run(START);
        Claimant reader = world.start("reader");
        world.run(CALLS);
        reader.forbidWrites(true);
        world.run(Duration.ofMinutes(5));
        assertPolls(holder);

        holder.end();
        world.run(HANDOVER);
        assertPolls(reader);
        assertEquals(List.of("stood by", "taken over"), reader.heard);
        assertEquals(Optional.empty(), reader.claim().problem());
    }

    @Test
    void aDenialWhereClaimsWerePermittedBeforeIsAFailureAndLetsNobodyPoll() {
        Claimant holder = world.start("holder");
        world.run(START);
        Claimant standby = world.start("standby");
        world.run(CALLS);
        holder.forbid(true);
        standby.forbid(true);

        world.run(Duration.ofMinutes(2));

        assertPolls();
        assertInstanceOf(ClaimForbiddenException.class, holder.lastFailure);
        assertInstanceOf(ClaimForbiddenException.class, standby.lastFailure);
    }

    @Test
    void comparesOftenInStandbyAndUntilEcsCanHideNothingAnyMore() {
        Duration regular = Duration.ofMinutes(20);
        Duration allowance = Duration.ofMinutes(5);
        Claimant first = world.start("first");
        world.run(START);
        Claimant second = world.start("second");
        world.run(CALLS);
        ReconcileInterval ofFirst = new ReconcileInterval(Optional.of(first.claim()), regular, allowance);
        ReconcileInterval ofSecond = new ReconcileInterval(Optional.of(second.claim()), regular, allowance);

        assertEquals(regular, ofFirst.get());
        assertEquals(Duration.ofMinutes(1), ofSecond.get());
        Duration shorter = Duration.ofSeconds(10);
        assertEquals(shorter, new ReconcileInterval(Optional.of(second.claim()), shorter, allowance).get());
        first.end();
        world.run(HANDOVER.plus(allowance.multipliedBy(2)).minusSeconds(5));
        assertEquals(Duration.ofMinutes(1), ofSecond.get());
        world.run(Duration.ofSeconds(10));
        assertEquals(regular, ofSecond.get());
        assertEquals(regular, new ReconcileInterval(Optional.empty(), regular, allowance).get());
    }

    @Test
    void whatCouldNotBeStartedIsTriedAgain() {
        Claimant claimant = world.start("claimant");
        claimant.failsToStart(true);
        world.run(START);
        assertPolls();

        claimant.failsToStart(false);
        world.run(HANDOVER);
        assertPolls(claimant);
    }

    @Test
    void theNoteFitsATag() {
        Instant far = TestTime.START.plusNanos(123_456_789);
        String note = new ClaimNote("css-" + new UUID(1, 2), far, far, Long.MAX_VALUE).toString();

        assertTrue(note.matches("[A-Za-z0-9 :.-]{1,200}"), note);
    }

    private void assertPolls(Claimant... expected) {
        assertEquals(List.of(expected), world.polling(), world::history);
    }
}
