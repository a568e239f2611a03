package io.clusterstate.mirror;

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

class ReconcileQueueTest {

    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestTime time = new TestTime();
    private final ReconcileQueue queue = new ReconcileQueue(time);
    private final List<String> told = new ArrayList<>();

    @Test
    void theListComesFirst() throws InterruptedException {
        assertEquals(ReconcileQueue.LIST, next().name());
        assertNone();
        assertTrue(queue.clusters().isEmpty());
    }

    @Test
    void theMostOverdueComesFirst() throws InterruptedException {
        List<String> followed = List.of("c", "a", "d", "b");
        for (String cluster : followed) {
            time.advance(SECOND);
            queue.follow(cluster);
        }

        assertEquals(ReconcileQueue.LIST, next().name());
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
        queue.done(next(), PAUSE);
        time.advance(PAUSE.minus(SECOND));
        assertNone();

        time.advance(SECOND);

        assertEquals(ReconcileQueue.LIST, next().name());
    }

    @Test
    void followingAgainMakesNoNewTurn() throws InterruptedException {
        WorkItem item = queue.follow("a");

        assertEquals(item, queue.follow("a"));
        assertEquals(1, queue.clusters().size());
        assertTrue(queue.followsLiving("a"));
        item.deletedAt(TestTime.START);
        assertFalse(queue.followsLiving("a"));
        assertFalse(queue.followsLiving("b"));
    }

    @Test
    void askingMakesATurnDueAtOnceAndTellsWhenItIsDone() throws InterruptedException {
        queue.done(next(), PAUSE);
        ask(ReconcileQueue.LIST);
        WorkItem asked = next();
        assertEquals(List.of(), told);

        queue.done(asked, PAUSE);

        assertEquals(List.of("done"), told);
        assertNone();
    }

    @Test
    void whoAsksDuringATurnGetsAnotherOneAfterwards() throws InterruptedException {
        WorkItem running = next();
        ask(ReconcileQueue.LIST);
        assertNone();
        queue.done(running, PAUSE);
        assertEquals(List.of(), told);

        queue.done(next(), PAUSE);

        assertEquals(List.of("done"), told);
    }

    @Test
    void aTurnThatFailedTellsWhy() throws InterruptedException {
        ask(ReconcileQueue.LIST);

        queue.failed(next(), PAUSE, new IllegalStateException("broken"));

        assertEquals(List.of("IllegalStateException: broken"), told);
    }

    @Test
    void whatIsHurriedComesSoonerButNotTooSoonAfterTheLast() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.hurry(ReconcileQueue.LIST);
        time.advance(ReconcileQueue.LEAST_GAP.minus(SECOND));
        queue.hurry(ReconcileQueue.LIST);
        assertNone();

        time.advance(SECOND);

        assertEquals(ReconcileQueue.LIST, next().name());
    }

    @Test
    void aHurryDuringATurnIsNotLost() throws InterruptedException {
        WorkItem running = next();
        queue.hurry(ReconcileQueue.LIST);
        queue.done(running, PAUSE);
        time.advance(ReconcileQueue.LEAST_GAP.minus(SECOND));
        assertNone();

        time.advance(SECOND);

        queue.done(next(), PAUSE);
        time.advance(ReconcileQueue.LEAST_GAP);
        assertNone();
    }

    @Test
    void aHurryDelaysNothing() throws InterruptedException {
        queue.done(next(), SECOND);
        queue.hurry(ReconcileQueue.LIST);

        time.advance(SECOND);

        assertEquals(ReconcileQueue.LIST, next().name());
    }

    @Test
    void aTurnDroppedWhileItRunsTellsAllWhoWaitAndComesNoMore() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.follow("a");
        ask("a");
        WorkItem running = next();
        ask("a");

        queue.drop("a");
        queue.done(running, Duration.ZERO);

        assertEquals(List.of("done", "done"), told);
        assertNone();
        assertFalse(queue.followsLiving("a"));
    }

    @Test
    void whoAsksForWhatIsNotFollowedIsRefused() {
        ask("a");

        assertEquals(List.of("CancellationException: a: not followed (expected: a cluster of an open mirror)"), told);
    }

    @Test
    void closeCancelsWhoWaitsAndWhoComesLater() throws InterruptedException {
        ask(ReconcileQueue.LIST);
        next();
        ask(ReconcileQueue.LIST);
        queue.follow("a");

        queue.close();

        String closed = "CancellationException: the mirror was closed";
        assertEquals(List.of(closed, closed), told);
        assertNone();
        ask("a");
        assertEquals(3, told.size());
        assertTrue(told.get(2).startsWith("CancellationException: a"), told.get(2));
    }

    @Test
    void whatAnotherHasComparedIsDueAfterThePauseAndCountsAsLoaded() throws InterruptedException {
        queue.done(next(), PAUSE.multipliedBy(2));
        queue.resume("a", PAUSE);
        WorkItem resumed = queue.clusters().iterator().next();
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

        queue.resume("a", PAUSE.negated());

        assertEquals(ReconcileQueue.LIST, next().name());
        assertEquals("a", next().name());
        assertNone();
    }

    @Test
    void aTurnFromAnEarlierTermIsDueAsItsSuccessorSays() throws InterruptedException {
        queue.done(next(), PAUSE.multipliedBy(2));
        queue.follow("a").failed();

        queue.resume("a", PAUSE);

        assertNone();
        assertEquals(1, queue.clusters().size());
        time.advance(PAUSE);
        WorkItem resumed = next();
        assertEquals("a", resumed.name());
        assertEquals(1, resumed.failed(), "the failures of the earlier term are forgotten");
    }

    @Test
    void whoHasAskedAlreadyDoesNotWaitUntilWhatIsResumedIsDue() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.follow("a");
        ask("a");

        queue.resume("a", PAUSE);
        queue.done(next(), PAUSE);

        assertEquals(List.of("done"), told);
        assertNone();
    }

    @Test
    void abandonFailsThoseWhoseTurnIsNotTakenAndKeepsTheTurns() throws InterruptedException {
        queue.follow("a");
        ask("a");
        ask(ReconcileQueue.LIST);

        queue.abandon(new IllegalStateException("not leading"));

        String failed = "IllegalStateException: not leading";
        assertEquals(List.of(failed, failed), told);
        queue.done(next(), PAUSE);
        queue.done(next(), PAUSE);
        assertEquals(2, told.size(), "nobody is told twice");
        assertNone();
    }

    @Test
    void abandonLeavesWhoIsServedToTheEndOfTheTurn() throws InterruptedException {
        ask(ReconcileQueue.LIST);
        WorkItem running = next();
        ask(ReconcileQueue.LIST);

        queue.abandon(new IllegalStateException("not leading"));
        assertEquals(List.of("IllegalStateException: not leading"), told);
        queue.done(running, PAUSE);

        assertEquals(List.of("IllegalStateException: not leading", "done"), told);
        assertNone();
    }

    @Test
    void whoWaitsForATurnIsWokenWithoutOne() throws Exception {
        next();
        long known = queue.wakeUps();
        FutureTask<Optional<WorkItem>> taken = new FutureTask<>(() -> queue.take(PAUSE, known, item -> true));
        Thread taker = new Thread(taken);
        taker.start();
        Await.await(() -> taker.getState() == Thread.State.TIMED_WAITING);

        queue.wake();

        assertEquals(Optional.empty(), taken.get(20, TimeUnit.SECONDS));
        taker.join();
    }

    @Test
    void aWakingThatComesBetweenTheLookAndTheWaitIsNotMissed() throws InterruptedException {
        next();
        long known = queue.wakeUps();

        queue.wake();

        assertEquals(
                Optional.empty(),
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> queue.take(PAUSE, known, item -> true)));
    }

    private void ask(String name) {
        queue.request(
                name, why -> told.add(why == null ? "done" : why.getClass().getSimpleName() + ": " + why.getMessage()));
    }

    @Test
    void allAreHurriedAlsoWhatIsUnderWay() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.follow("a");
        WorkItem a = next();

        time.advance(ReconcileQueue.LEAST_GAP);
        queue.hurryAll();

        assertEquals(ReconcileQueue.LIST, next().name());
        assertNone();
        queue.done(a, PAUSE);
        assertEquals("a", next().name());
        assertNone();
    }

    @Test
    void noneWaitsLongerThanIsAskedFor() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.follow("a");
        queue.done(next(), SECOND);

        queue.waitAtMost(SECOND.multipliedBy(3));
        time.advance(SECOND);
        assertEquals("a", next().name());
        assertNone();
        time.advance(SECOND.multipliedBy(2));
        assertEquals(ReconcileQueue.LIST, next().name());
    }

    @Test
    void anItemThatIsNotOpenIsPassedOver() throws InterruptedException {
        queue.done(next(), PAUSE);
        queue.follow("a");
        time.advance(SECOND);
        queue.follow("b");

        assertEquals(
                "b",
                queue.take(Duration.ZERO, queue.wakeUps(), item -> item.name().equals("b"))
                        .orElseThrow()
                        .name());
        assertEquals("a", next().name());
    }

    private WorkItem next() throws InterruptedException {
        return queue.take(Duration.ZERO, queue.wakeUps(), item -> true).orElseThrow();
    }

    private void assertNone() throws InterruptedException {
        assertEquals(
                Optional.empty(),
                queue.take(Duration.ZERO, queue.wakeUps(), item -> true).map(WorkItem::name));
    }
}
