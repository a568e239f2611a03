package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private void ask(String name) {
        turns.ask(
                name, why -> told.add(why == null ? "done" : why.getClass().getSimpleName() + ": " + why.getMessage()));
    }

    private Turn next() throws InterruptedException {
        return turns.take(Duration.ZERO).orElseThrow();
    }

    private void assertNone() throws InterruptedException {
        assertEquals(Optional.empty(), turns.take(Duration.ZERO).map(Turn::name));
    }
}
