package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Task;

/** Futures of a view: each completes, and leaves nothing behind. */
@Timeout(300)
class PendingWaitsTest {

    private static final String NOTHING = "0 futures wait for 0 entities, 0 untested";
    private static final String THREAD = "css-futures";

    private final Watched watched = Watched.live();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void whatIsThereIsCompleteAtOnceAndNeedsNoThread() {
        watched.put("a", 1);

        assertEquals(List.of(arn("a")), arnsOf(running("a").join()));
        assertEquals(List.of(), watched.threads.living());
    }

    @Test
    void aChangeCompletesAFutureOnTheThreadOfTheView() throws Exception {
        AtomicReference<Thread> completer = new AtomicReference<>();
        CompletableFuture<?> future = running("a").thenRun(() -> completer.set(Thread.currentThread()));

        watched.put("a", 1);

        future.get(30, TimeUnit.SECONDS);
        assertNotSame(Thread.currentThread(), completer.get());
        assertEquals(THREAD, completer.get().getName());
        assertEquals(NOTHING, watched.view.pending().toString());
    }

    @Test
    @Tag("soak")
    void manyFuturesShareOneThreadAndLeaveNothing() throws Exception {
        int count = Soak.size("futures that end", 10_000, 10_000);
        List<CompletableFuture<List<Task>>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(running("t" + i, "shared"));
        }
        assertEquals(
                List.of(THREAD),
                watched.threads.living().stream().map(Thread::getName).toList());
        for (int i = 0; i < count; i += 2) {
            futures.get(i).cancel(false);
        }
        assertEquals(
                count / 2 + " futures wait for " + (count / 2 + 1) + " entities, 0 untested",
                watched.view.pending().toString());

        for (int i = 1; i < count; i += 2) {
            watched.put("t" + i, 1);
        }
        watched.put("shared", 1);

        for (int i = 1; i < count; i += 2) {
            assertEquals(
                    arn("t" + i),
                    futures.get(i).get(60, TimeUnit.SECONDS).get(0).taskArn());
        }
        assertEquals(NOTHING, watched.view.pending().toString());
        watched.close();
        assertEquals(List.of(), watched.threads.living());
    }

    @Test
    void aTimeoutOfTheFutureFreesIt() {
        CompletableFuture<List<Task>> future = running("a").orTimeout(1, TimeUnit.MILLISECONDS);

        ExecutionException failure = assertThrows(ExecutionException.class, future::get);

        assertInstanceOf(TimeoutException.class, failure.getCause());
        Await.await(() -> watched.view.pending().toString().equals(NOTHING));
    }

    @Test
    void aFailureOfTheWaitFailsTheFuture() {
        CompletableFuture<List<Task>> future = running("a", "b");
        watched.put(Entities.task("prod", "b", task -> task.lastStatus("STOPPED")));

        CompletionException failure = assertThrows(CompletionException.class, future::join);

        assertInstanceOf(TaskStoppedException.class, failure.getCause());
    }

    @Test
    void aFutureFromBeforeTheViewIsReadyIsTestedOnceItIs() throws Exception {
        watched.put("a", 1);
        CompletableFuture<List<Task>> other = running("other");
        watched.put("other", 1);
        other.get(30, TimeUnit.SECONDS); // the thread has followed every change so far
        watched.host.ready(false);
        CompletableFuture<List<Task>> future = running("a");
        assertFalse(future.isDone());

        watched.host.ready(true);

        assertEquals(List.of(arn("a")), arnsOf(future.get(30, TimeUnit.SECONDS)));
    }

    @Test
    void aViewThatIsNotReadyForAMomentForgetsNoFuture() throws Exception {
        CompletableFuture<List<Task>> first = running("a");
        watched.put("x", 1);
        watched.host.ready(false);
        watched.put("a", 1);
        CompletableFuture<List<Task>> second = running("a");
        watched.host.ready(true);

        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
    }

    @Test
    @Tag("soak")
    void noFutureIsForgottenHoweverChangesAndFuturesMeet() {
        Seeds.forEach(Soak.size("meetings of futures and changes", 20, 200), random -> {
            try (Watched busy = Watched.live(new ChangeJournal(random.nextInt(20)))) {
                meet(busy, random);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void meet(Watched busy, Random random) throws Exception {
        int tasks = 200;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < tasks; i++) {
                busy.put("t" + i, 1);
            }
        });
        List<CompletableFuture<List<Task>>> futures = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            List<String> arns = List.of(arn("t" + i), arn("t" + (i + 1 + random.nextInt(tasks - 1)) % tasks));
            futures.add(busy.view.whenRunning(arns));
        }
        writer.join();
        for (CompletableFuture<List<Task>> future : futures) {
            future.get(30, TimeUnit.SECONDS);
        }
        assertEquals(NOTHING, busy.view.pending().toString());
    }

    @Test
    @Promise(11)
    void theEndOfTheViewFailsEveryFuture() {
        CompletableFuture<List<Task>> future = running("a");
        CompletableFuture<String> after =
                future.handle((tasks, failure) -> Thread.currentThread().getName());

        watched.close();

        assertTrue(future.isCompletedExceptionally());
        assertInstanceOf(
                NotReadyException.class,
                assertThrows(CompletionException.class, future::join).getCause());
        assertTrue(after.isDone());
        assertEquals(List.of(), watched.threads.living());
        CompletableFuture<List<Task>> late = running("a");
        assertInstanceOf(
                NotReadyException.class,
                assertThrows(CompletionException.class, late::join).getCause());
        assertEquals(NOTHING, watched.view.pending().toString());
    }

    @Test
    void aFailedHostFailsEveryFuture() {
        CompletableFuture<List<Task>> future = running("a");

        watched.host.over(new IllegalStateException("no more"));

        CompletionException failure = assertThrows(CompletionException.class, future::join);
        assertEquals("no more", failure.getCause().getCause().getMessage());
        Await.await(() -> watched.threads.living().isEmpty());
    }

    @Test
    void anActionMayCloseTheView() throws Exception {
        CompletableFuture<Void> closed = running("a").thenRun(() -> watched.view.close(Watched.LIMIT));

        watched.put("a", 1);

        closed.get(30, TimeUnit.SECONDS);
        Await.await(() -> watched.threads.living().isEmpty());
    }

    @Test
    void aHangingActionIsInterruptedByTheEnd() {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> hanging = running("a").thenApply(tasks -> {
            begun.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                return true;
            }
        });
        watched.put("a", 1);
        Await.await(() -> begun.getCount() == 0);

        watched.view.close(Duration.ofMillis(50));

        assertTrue(hanging.join());
    }

    @Test
    @Promise(11)
    void aHangingActionOnTheEndOfTheViewDelaysNoCloseBeyondItsLimit() throws Exception {
        CompletableFuture<String> hanging = running("a").handle((tasks, end) -> {
            try {
                return String.valueOf(new CountDownLatch(1).await(1, TimeUnit.DAYS));
            } catch (InterruptedException e) {
                return Thread.currentThread().getName();
            }
        });
        long from = System.nanoTime();

        watched.view.close(Duration.ofMillis(500));

        long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from);
        assertTrue(took < 20, "close took " + took + " s");
        assertEquals(THREAD, hanging.get(30, TimeUnit.SECONDS), "interrupted there");
    }

    @Test
    void byHandFuturesCompleteWhereTheTestTells() throws Exception {
        try (Watched still = Watched.byHand(new ChangeJournal(1))) {
            CompletableFuture<List<Task>> future = still.view.whenRunning(List.of(arn("a")));
            CompletableFuture<Thread> thread = future.thenApply(tasks -> Thread.currentThread());
            for (int i = 0; i < 9; i++) {
                still.put("other" + i, 1);
            }
            still.put("a", 1);
            still.put("b", 1);
            assertFalse(future.isDone());

            assertEquals(1, still.tell(), "although the journal has dropped the change");

            assertEquals(Thread.currentThread(), thread.get());
            assertEquals(0, still.tell());
            assertEquals(List.of(), still.threads.living());
        }
    }

    private CompletableFuture<List<Task>> running(String... ids) {
        List<String> arns = new ArrayList<>();
        for (String id : ids) {
            arns.add(arn(id));
        }
        return watched.view.whenRunning(arns);
    }

    private static String arn(String id) {
        return Entities.taskArn("prod", id);
    }

    private static List<String> arnsOf(List<Task> tasks) {
        return tasks.stream().map(Task::taskArn).toList();
    }
}
