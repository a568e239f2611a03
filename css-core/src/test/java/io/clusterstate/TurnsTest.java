package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestTime time = new TestTime();
    private final Turns turns = new Turns(time);
    private final List<String> told = new ArrayList<>();

    @Test
    void theListComesFirst() throws InterruptedException {
        assertEquals(Turns.LIST, next().name());
        assertNone();
        assertTrue(turns.clusters().isEmpty());
    }

    @Test
    void theMostOverdueComesFirst() throws InterruptedException {
        List<String> followed = List.of("c", "a", "d", "b");
        for (String cluster : followed) {
            time.advance(SECOND);
            turns.follow(cluster);
        }

        assertEquals(Turns.LIST, next().name());
        for (String cluster : followed) {
            assertEquals(cluster, next().name());
        }
        assertNone();
    }

    @Test
    void aTurnThatIsTakenIsNotGivenAgainHoweverOverdue() throws InterruptedException {
        next();

        time.advance(PAUSE);

        assertNone();
    }

    @Test
    void aTurnComesAgainAfterItsPause() throws InterruptedException {
        turns.done(next(), PAUSE);
        time.advance(PAUSE.minus(SECOND));
        assertNone();

        time.advance(SECOND);

        assertEquals(Turns.LIST, next().name());
    }

    @Test
    void followingAgainMakesNoNewTurn() throws InterruptedException {
        Turn turn = turns.follow("a");

        assertEquals(turn, turns.follow("a"));
        assertEquals(1, turns.clusters().size());
        assertTrue(turns.followsLiving("a"));
        turn.deletedAt(TestTime.START);
        assertFalse(turns.followsLiving("a"));
        assertFalse(turns.followsLiving("b"));
    }

    @Test
    void askingMakesATurnDueAtOnceAndTellsWhenItIsDone() throws InterruptedException {
        turns.done(next(), PAUSE);
        ask(Turns.LIST);
        Turn asked = next();
        assertEquals(List.of(), told);

        turns.done(asked, PAUSE);

        assertEquals(List.of("done"), told);
        assertNone();
    }

    @Test
    void whoAsksDuringATurnGetsAnotherOneAfterwards() throws InterruptedException {
        Turn running = next();
        ask(Turns.LIST);
        assertNone();
        turns.done(running, PAUSE);
        assertEquals(List.of(), told);

        turns.done(next(), PAUSE);

        assertEquals(List.of("done"), told);
    }

    @Test
    void aTurnThatFailedTellsWhy() throws InterruptedException {
        ask(Turns.LIST);

        turns.failed(next(), PAUSE, new IllegalStateException("broken"));

        assertEquals(List.of("IllegalStateException: broken"), told);
    }

    @Test
    void whatIsHurriedComesSoonerButNotTooSoonAfterTheLast() throws InterruptedException {
        turns.done(next(), PAUSE);
        turns.hurry(Turns.LIST);
        time.advance(Turns.LEAST_GAP.minus(SECOND));
        turns.hurry(Turns.LIST);
        assertNone();

        time.advance(SECOND);

        assertEquals(Turns.LIST, next().name());
    }

    @Test
    void aHurryDuringATurnIsNotLost() throws InterruptedException {
        Turn running = next();
        turns.hurry(Turns.LIST);
        turns.done(running, PAUSE);
        time.advance(Turns.LEAST_GAP.minus(SECOND));
        assertNone();

        time.advance(SECOND);

        turns.done(next(), PAUSE);
        time.advance(Turns.LEAST_GAP);
        assertNone();
    }

    @Test
    void aHurryDelaysNothing() throws InterruptedException {
        turns.done(next(), SECOND);
        turns.hurry(Turns.LIST);

        time.advance(SECOND);

        assertEquals(Turns.LIST, next().name());
    }

    @Test
    void aTurnDroppedWhileItRunsTellsAllWhoWaitAndComesNoMore() throws InterruptedException {
        turns.done(next(), PAUSE);
        turns.follow("a");
        ask("a");
        Turn running = next();
        ask("a");

        turns.drop("a");
        turns.done(running, Duration.ZERO);

        assertEquals(List.of("done", "done"), told);
        assertNone();
        assertFalse(turns.followsLiving("a"));
    }

    @Test
    void whoAsksForWhatIsNotFollowedIsRefused() {
        ask("a");

        assertEquals(
                List.of("CancellationException: a: is not followed (expected: a cluster of an open mirror)"), told);
    }

    @Test
    void closeCancelsWhoWaitsAndWhoComesLater() throws InterruptedException {
        ask(Turns.LIST);
        next();
        ask(Turns.LIST);
        turns.follow("a");

        turns.close();

        String closed = "CancellationException: the mirror was closed";
        assertEquals(List.of(closed, closed), told);
        assertNone();
        ask("a");
        assertEquals(3, told.size());
        assertTrue(told.get(2).startsWith("CancellationException: a"), told.get(2));
    }

    @Test
    void whatAnotherHasComparedIsDueAfterThePauseAndCountsAsLoaded() throws InterruptedException {
        turns.done(next(), PAUSE.multipliedBy(2));
        turns.resume("a", PAUSE);
        Turn resumed = turns.clusters().iterator().next();
        assertTrue(resumed.isLoaded());
        assertTrue(resumed.wasComplete());
        time.advance(PAUSE.minus(SECOND));
        assertNone();

        time.advance(SECOND);

        assertEquals("a", next().name());
    }

    @Test
    void whatAnotherShouldHaveComparedLongAgoIsDueAtOnceButJumpsNoQueue() throws InterruptedException {
        time.advance(SECOND);

        turns.resume("a", PAUSE.negated());

        assertEquals(Turns.LIST, next().name());
        assertEquals("a", next().name());
        assertNone();
    }

    @Test
    void aTurnFromAnEarlierTermIsDueAsItsSuccessorSays() throws InterruptedException {
        turns.done(next(), PAUSE.multipliedBy(2));
        turns.follow("a").failed();

        turns.resume("a", PAUSE);

        assertNone();
        assertEquals(1, turns.clusters().size());
        time.advance(PAUSE);
        Turn resumed = next();
        assertEquals("a", resumed.name());
        assertEquals(1, resumed.failed(), "the failures of the earlier term are forgotten");
    }

    @Test
    void whoHasAskedAlreadyDoesNotWaitUntilWhatIsResumedIsDue() throws InterruptedException {
        turns.done(next(), PAUSE);
        turns.follow("a");
        ask("a");

        turns.resume("a", PAUSE);
        turns.done(next(), PAUSE);

        assertEquals(List.of("done"), told);
        assertNone();
    }

    @Test
    void abandonFailsThoseWhoseTurnIsNotTakenAndKeepsTheTurns() throws InterruptedException {
        turns.follow("a");
        ask("a");
        ask(Turns.LIST);

        turns.abandon(new IllegalStateException("not leading"));

        String failed = "IllegalStateException: not leading";
        assertEquals(List.of(failed, failed), told);
        turns.done(next(), PAUSE);
        turns.done(next(), PAUSE);
        assertEquals(2, told.size(), "nobody is told twice");
        assertNone();
    }

    @Test
    void abandonLeavesWhoIsServedToTheEndOfTheTurn() throws InterruptedException {
        ask(Turns.LIST);
        Turn running = next();
        ask(Turns.LIST);

        turns.abandon(new IllegalStateException("not leading"));
        assertEquals(List.of("IllegalStateException: not leading"), told);
        turns.done(running, PAUSE);

        assertEquals(List.of("IllegalStateException: not leading", "done"), told);
        assertNone();
    }

    @Test
    void whoWaitsForATurnIsWokenWithoutOne() throws Exception {
        next();
        long known = turns.wakings();
        FutureTask<Optional<Turn>> taken = new FutureTask<>(() -> turns.take(PAUSE, known));
        Thread taker = new Thread(taken);
        taker.start();
        Await.await(() -> taker.getState() == Thread.State.TIMED_WAITING);

        turns.wake();

        assertEquals(Optional.empty(), taken.get(20, TimeUnit.SECONDS));
        taker.join();
    }

    @Test
    void aWakingThatComesBetweenTheLookAndTheWaitIsNotMissed() throws InterruptedException {
        next();
        long known = turns.wakings();

        turns.wake();

        assertEquals(
                Optional.empty(), assertTimeoutPreemptively(Duration.ofSeconds(20), () -> turns.take(PAUSE, known)));
    }

    private void ask(String name) {
        turns.ask(
                name, why -> told.add(why == null ? "done" : why.getClass().getSimpleName() + ": " + why.getMessage()));
    }

    @Test
    void allAreHurriedAlsoWhatIsUnderWay() throws InterruptedException {
        turns.done(next(), PAUSE);
        turns.follow("a");
        Turn a = next();

        time.advance(Turns.LEAST_GAP);
        turns.hurryAll();

        assertEquals(Turns.LIST, next().name());
        assertNone();
        turns.done(a, PAUSE);
        assertEquals("a", next().name());
        assertNone();
    }

    @Test
    void noneWaitsLongerThanIsAskedFor() throws InterruptedException {
        turns.done(next(), PAUSE);
        turns.follow("a");
        turns.done(next(), SECOND);

        turns.waitAtMost(SECOND.multipliedBy(3));
        time.advance(SECOND);
        assertEquals("a", next().name());
        assertNone();
        time.advance(SECOND.multipliedBy(2));
        assertEquals(Turns.LIST, next().name());
    }

    private Turn next() throws InterruptedException {
        return turns.take(Duration.ZERO, turns.wakings()).orElseThrow();
    }

    private void assertNone() throws InterruptedException {
        assertEquals(
                Optional.empty(), turns.take(Duration.ZERO, turns.wakings()).map(Turn::name));
    }
}
