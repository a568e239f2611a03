package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Waits in a view: each ends with a result or an exception, and leaves nothing behind. */
class StoreViewTest {

    private static final Duration LIMIT = Watched.LIMIT;
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** Something that waits. */
    private interface Wait {
        Object on(StoreView view) throws Exception;
    }

    private static final List<Wait> WAITS = List.of(
            view -> {
                view.awaitReady(LIMIT);
                return view.snapshot();
            },
            view -> view.awaitRevision(1, LIMIT),
            view -> view.awaitFresh(NOON, LIMIT),
            view -> view.awaitUntil(snapshot -> snapshot.tasks().count() == 1, LIMIT));

    private final Watched watched = Watched.live();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void whatIsThereIsNotWaitedFor() throws Exception {
        make();
        for (Wait wait : WAITS) {
            assertSame(watched.view.snapshot(), wait.on(watched.view));
        }
    }

    /** A store may outlive its view; the host of a closed view is then to be collected. */
    @Test
    void aClosedViewLeavesNothingInTheStore() {
        watched.host.freshUpTo(NOON);
        watched.put("a", 1);
        watched.view.close();
        watched.view.moved();
        assertEquals(NOON, watched.store.snapshot().freshness().freshUpTo().orElseThrow(), "what was published stays");

        watched.put("a", 2);

        assertEquals(Freshness.NONE, watched.store.snapshot().freshness());
    }

    /** A snapshot in the middle of the first load lacks what is still to come (promise 5). */
    @Test
    void noEarlierSnapshotIsFromBeforeTheViewAnswered() {
        Watched loading = Watched.loading();
        loading.put("a", 1);
        loading.put("b", 1);
        assertThrows(NotReadyException.class, () -> loading.view.snapshotAt(1));
        loading.host.ready(true);
        loading.put("c", 1);

        assertEquals(2, loading.view.snapshotAt(2).tasks().count());
        assertEquals(
                "revision: 1 (expected: from 2 to 3)",
                assertThrows(RevisionOutOfRangeException.class, () -> loading.view.snapshotAt(1))
                        .getMessage());
        loading.close();
    }

    @Test
    void whatComesIsGotByAllWhoWait() throws Exception {
        watched.host.ready(false);
        List<CompletableFuture<Object>> waiters =
                WAITS.stream().map(this::begin).toList();
        Await.await(() -> watched.view.waiting() == WAITS.size());

        make();

        for (CompletableFuture<Object> waiter : waiters) {
            assertMade(waiter);
        }
        assertEquals(0, watched.view.waiting(), "leaves no trace");
    }

    @Test
    void whatDoesNotComeEndsTheWaitWithWhatIsThereInstead() {
        Duration moment = Duration.ofMillis(1);
        watched.put("a", 1);
        assertEquals(
                "not at revision 9 after PT0.001S: snapshot at revision 1: 1 tasks, 0 instances, 0 services, 0 clusters",
                timeout(() -> watched.view.awaitRevision(9, moment)));
        assertEquals(
                "not fresh up to 2026-03-01T12:00:00Z after PT0.001S: fresh up to nothing yet",
                timeout(() -> watched.view.awaitFresh(NOON, moment)));
        watched.host.freshUpTo(NOON.minusSeconds(1));
        assertEquals(
                "not fresh up to 2026-03-01T12:00:00Z after PT0.001S: fresh up to 2026-03-01T11:59:59Z",
                timeout(() -> watched.view.awaitFresh(NOON, moment)));
        assertTrue(timeout(() -> watched.view.awaitUntil(snapshot -> false, moment))
                .startsWith("the condition does not hold after PT0.001S: snapshot at revision 1"));
        watched.host.ready(false);
        assertEquals("not ready after PT0.001S: the test", timeout(() -> watched.view.awaitReady(moment)));
        assertEquals(0, watched.view.waiting());
    }

    @Test
    void aSlowConditionOnAViewThatNeverRestsEndsInTime() {
        assertTimeoutPreemptively(
                LIMIT,
                () -> timeout(() -> watched.view.awaitUntil(
                        snapshot -> {
                            LockSupport.parkNanos(1_000_000);
                            watched.moved();
                            return false;
                        },
                        Duration.ofMillis(50))));
    }

    @Test
    void anInterruptedWaiterGoesAndLeavesTheOthers() throws Exception {
        watched.host.ready(false);
        CompletableFuture<Object> patient = begin(WAITS.get(1));
        for (Wait wait : WAITS) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> wait.on(watched.view));
        }
        Await.await(() -> watched.view.waiting() == 1);

        make();

        assertMade(patient);
    }

    /** A move between two waits leads to another snapshot of the same state. */
    private static void assertMade(CompletableFuture<Object> waiter) throws Exception {
        Snapshot made = (Snapshot) waiter.get(30, TimeUnit.SECONDS);
        assertEquals(1, made.revision());
        assertEquals(1, made.tasks().count());
    }

    @Test
    @Promise(11)
    void theEndEndsEveryWait() {
        watched.host.ready(false);
        List<CompletableFuture<Object>> waiters =
                WAITS.stream().map(this::begin).toList();
        Await.await(() -> watched.view.waiting() == WAITS.size());

        watched.host.over(new IllegalStateException("no more"));
        watched.moved();

        for (CompletableFuture<Object> waiter : waiters) {
            ExecutionException told = assertThrows(ExecutionException.class, () -> waiter.get(30, TimeUnit.SECONDS));
            assertInstanceOf(NotReadyException.class, told.getCause());
        }
        assertEquals(0, watched.view.waiting());
    }

    @Test
    void aConditionThatThrowsIsTheCallersAffair() {
        watched.put("a", 1);
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> watched.view.awaitUntil(
                        snapshot -> {
                            throw new IllegalStateException("the caller's");
                        },
                        LIMIT));
        assertEquals("the caller's", thrown.getMessage());
        assertEquals(0, watched.view.waiting());
    }

    @Test
    void freshnessIsReadBeforeTheSnapshotThatIsGiven() throws Exception {
        CompletableFuture<Object> waiter = begin(view -> view.awaitFresh(NOON, LIMIT));
        Await.await(() -> watched.view.waiting() == 1);
        watched.put("a", 1);
        watched.host.freshUpTo(NOON);
        watched.moved();

        Snapshot got = (Snapshot) waiter.get(30, TimeUnit.SECONDS);
        assertTrue(got.task(Entities.taskArn("prod", "a")).isPresent());
    }

    @Test
    @Promise(5)
    void aReadFollowsTheHostAtOnce() {
        watched.host.ready(false);
        assertFalse(watched.view.isReady());
        assertThrows(NotReadyException.class, watched.view::snapshot);

        watched.host.onMove(() -> {});
        watched.host.ready(true);
        assertSame(watched.store.snapshot(), watched.view.snapshot(), "before the host says that it has moved");

        watched.view.close();
        assertThrows(NotReadyException.class, watched.view::snapshot);
        watched.moved();
        assertFalse(watched.view.isReady(), "a closed view stays closed");
    }

    @Test
    @Promise(5)
    void anOlderAnswerOfTheHostDoesNotReplaceANewerOne() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean isSlow = new AtomicBoolean();
        TestHost host = new TestHost() {
            @Override
            public boolean isReady() {
                boolean answer = super.isReady();
                if (isSlow.compareAndSet(true, false)) {
                    asked.countDown();
                    awaitQuietly(goOn);
                }
                return answer;
            }
        };
        StoreView view = StoreView.byHand(watched.store.journal(), host, InstantSource.system());
        isSlow.set(true);
        Thread older = started(view::moved);
        asked.await();

        host.over(null);
        Thread newer = started(view::moved);
        Await.await(() -> newer.getState() == Thread.State.BLOCKED || newer.getState() == Thread.State.TERMINATED);
        goOn.countDown();
        older.join();
        newer.join();

        assertThrows(NotReadyException.class, view::snapshot);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void byHandNothingIsWaitedFor() {
        try (Watched still = Watched.byHand()) {
            assertTrue(timeout(() -> still.view.awaitRevision(1, Duration.ofDays(1)))
                    .startsWith("not at revision 1 after PT24H"));
            assertFalse(still.view.subscriptions().stream().findAny().isPresent());
        }
        assertThrows(IllegalStateException.class, watched::tell);
    }

    @Test
    void theHostHearsOfFailuresAndByHandOfWhoAsks() throws Exception {
        try (Watched still = Watched.byHand()) {
            still.view.subscribe(failing());
            still.put("a", 1);
            still.tell();
            assertEquals(List.of("asked", "failing-1: boom"), still.host.heard);
        }
        make();
        watched.view.subscribe(failing());
        Await.await(() -> !watched.host.heard.isEmpty());
        assertEquals(List.of("failing-1: boom"), watched.host.heard);
    }

    private static ChangeListener failing() {
        return ChangeListener.builder()
                .named("failing")
                .tasks(tasks -> tasks.onAdded(task -> {
                    throw new IllegalStateException("boom");
                }))
                .build();
    }

    private void make() {
        watched.put("a", 1);
        watched.host.freshUpTo(NOON);
        watched.host.ready(true);
        watched.moved();
    }

    private CompletableFuture<Object> begin(Wait wait) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                result.complete(wait.on(watched.view));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        waiter.setDaemon(true);
        waiter.start();
        return result;
    }

    private static String timeout(Executable wait) {
        return assertThrows(TimeoutException.class, wait).getMessage();
    }
}
