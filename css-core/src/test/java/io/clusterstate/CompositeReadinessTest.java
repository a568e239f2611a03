package io.clusterstate;

import static io.clusterstate.Places.EU;
import static io.clusterstate.Places.US;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Task;

/** Members that are not ready, fail or close: the others answer, and waits end as they should. */
@Timeout(300)
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class CompositeReadinessTest {

    /** Longer than any wait for a result, so that a wait that nobody wakes fails. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LOOKUPS = 50_000;

    private final Places places = Places.live();
    private final CompositeView view = places.view;
    private final CompositeView lenient = view.readyWhen(EU);

    @AfterEach
    void close() {
        places.close();
    }

    @Test
    @Promise(5)
    void theViewIsReadyWhenAllMembersAre() throws Exception {
        places.us.host.ready(false);

        assertFalse(view.isReady());
        assertTrue(view.toString().endsWith("], member us-east-1 waits for the test"), view::toString);
        NotReadyException failure = assertThrows(NotReadyException.class, view::snapshot);
        assertEquals("member us-east-1: not ready yet", failure.getMessage());
        String late = assertThrows(TimeoutException.class, () -> view.awaitReady(SHORT))
                .getMessage();
        assertTrue(late.endsWith("member us-east-1 waits for the test"), late);

        CompletableFuture<?> ready = waiting(() -> {
            view.awaitReady(LIMIT);
            return "";
        });
        places.us.host.ready(true);
        ready.get(30, TimeUnit.SECONDS);
        assertTrue(view.isReady());
    }

    @Test
    void theViewIsReadyWhenTheNamedOnesAre() throws Exception {
        String arn = places.put(EU, "a");
        places.put(US, "b");
        places.us.host.ready(false);

        lenient.awaitReady(SHORT);

        assertTrue(lenient.isReady());
        assertEquals(Set.of(US), lenient.snapshot().missing());
        assertEquals(List.of(arn), arns(lenient.snapshot().tasks().list()));
        places.us.host.ready(true);
        assertEquals(2, lenient.snapshot().tasks().count());
        places.eu.host.ready(false);
        places.us.host.ready(false);
        assertEquals(
                "member eu-west-1: not ready yet",
                assertThrows(NotReadyException.class, lenient::snapshot).getMessage());
    }

    @Test
    @Promise(5)
    void anIdIsAnsweredOnceTheViewIsReady() {
        String arn = places.put(EU, "a");
        places.us.host.ready(false);

        assertNames(US, assertThrows(NotReadyException.class, () -> view.task("a")));
        assertEquals(Optional.of(arn), lenient.task("a").map(Task::taskArn));
    }

    @Test
    @Promise(6)
    void aPolicyJudgesTheMembersInTheSnapshotAlone() {
        Instant moment = Instant.parse("2026-03-01T11:30:00Z");
        places.eu.host.freshUpTo(moment);
        places.other.host.freshUpTo(moment);
        ReadPolicy policy = ReadPolicy.any().atMostStale(Duration.ofHours(1));
        assertThrows(StaleViewException.class, () -> lenient.read(policy));

        places.us.host.ready(false);

        assertEquals(Optional.of(moment), lenient.read(policy).freshness().freshUpTo());
    }

    @Test
    @Promise(5)
    void whatAMissingMemberMayHaveIsNotAnsweredAsEmpty() {
        places.put(EU, "a");
        places.put(US, "b");
        places.us.host.ready(false);
        CompositeSnapshot now = lenient.snapshot();

        for (String unknown : List.of(Places.arn(US, "b"), Places.arn(US, "c"), "c", "arn:aws:ecs:x:1:task/short")) {
            assertNames(US, assertThrows(NotReadyException.class, () -> now.task(unknown)));
            assertNames(US, assertThrows(NotReadyException.class, () -> lenient.task(unknown)));
        }
        assertNames(
                US, assertThrows(NotReadyException.class, () -> now.observed(EntityKind.TASK, Places.arn(US, "b"))));
        assertNames(US, assertThrows(NotReadyException.class, () -> now.knows("elsewhere")));
        assertThrows(
                NotReadyException.class, () -> lenient.read(ReadPolicy.any().in(Places.CLUSTERS.get(US))));
        assertEquals(Optional.empty(), now.task(Places.arn(EU, "c")), "the cluster is in a member that is there");
        assertEquals(Optional.empty(), lenient.task(Places.arn(EU, "c")));
        assertTrue(now.knows("prod"));
    }

    @Test
    @Promise(5)
    void aMemberThatEndsDuringALookupIsNotAnsweredAsEmpty() throws Exception {
        String arn = places.put(US, "a");
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<?> flips = waiting(() -> {
            while (!isOver.get()) {
                places.us.host.ready(false);
                places.us.host.ready(true);
            }
            return "";
        });
        for (int i = 0; i < LOOKUPS; i++) {
            try {
                assertTrue(view.task(arn).isPresent(), "the member has the task, or is not ready");
            } catch (NotReadyException e) {
                assertNames(US, e);
            }
        }
        isOver.set(true);
        flips.get(30, TimeUnit.SECONDS);
    }

    @Test
    @Promise(5)
    void aMissingMemberMayHaveRemovedAnEntity() {
        places.put(US, "a");
        places.put(EU, "a");
        places.us.apply(SampleChanges.missing(EntityKind.TASK, Places.arn(US, "a"), 1_000, 10));
        places.us.host.ready(false);

        assertNames(US, assertThrows(NotReadyException.class, () -> lenient.snapshot()
                .removed(Places.arn(US, "a"))));
        assertEquals(Optional.empty(), lenient.snapshot().removed(Places.arn(EU, "a")));
        assertEquals(Optional.empty(), lenient.snapshot().removed(Places.arn(EU, "never")));
    }

    private static void assertNames(String member, NotReadyException failure) {
        assertTrue(failure.getMessage().contains("member " + member), failure::getMessage);
    }

    @Test
    void aMemberThatClosesTakesNothingFromTheOthers() throws Exception {
        String kept = places.put(EU, "a");
        String lost = places.put(US, "b");
        assertTrue(view.task(lost).isPresent());

        places.us.close();

        assertTrue(view.task(kept).isPresent());
        assertTrue(view.task(Places.arn(EU, "none")).isEmpty());
        assertNames(US, assertThrows(NotReadyException.class, () -> view.task(lost)));
        assertNames(US, assertThrows(NotReadyException.class, view::snapshot));
        assertNames(US, assertThrows(NotReadyException.class, () -> view.awaitReady(LIMIT)));
        assertNames(US, assertThrows(NotReadyException.class, () -> view.awaitUntil(now -> true, LIMIT)));
        assertEquals(1, lenient.snapshot().tasks().count());
        assertEquals(1, view.awaitRunning(List.of(kept), SHORT).size());
        assertNames(US, assertThrows(NotReadyException.class, () -> view.awaitStopped(List.of(lost), LIMIT)));
    }

    @Test
    void aWaitNeedsNoOtherMember() throws Exception {
        places.us.host.ready(false);
        places.other.close();
        String first = Places.arn(EU, "a");
        CompletableFuture<List<Task>> blocking = waiting(() -> view.awaitRunning(List.of(first), LIMIT));
        CompletableFuture<List<Task>> future = view.whenRunning(List.of(first));
        Await.await(() -> places.eu.view.pending().toString().startsWith("1 futures"));

        places.put(EU, "a");

        assertEquals(List.of(first), arns(blocking.get(30, TimeUnit.SECONDS)));
        assertEquals(List.of(first), arns(future.get(30, TimeUnit.SECONDS)));
        assertNothingIsLeft();
        String hidden = places.put(US, "b");
        String message = assertThrows(TimeoutException.class, () -> view.awaitRunning(List.of(hidden), SHORT))
                .getMessage();
        assertTrue(message.contains("not seen yet; member us-east-1 waits for: the test"), message);
    }

    @Test
    void aWaitForTasksOfTwoMembersEndsWithTheLast() throws Exception {
        List<String> both = List.of(Places.arn(EU, "a"), Places.arn(US, "b"));
        CompletableFuture<List<Task>> future = view.whenRunning(both);
        CompletableFuture<List<Task>> blocking = waiting(() -> view.awaitRunning(both, LIMIT));
        places.put(EU, "a");
        assertFalse(future.isDone());

        places.put(US, "b");

        assertEquals(both, arns(future.get(30, TimeUnit.SECONDS)));
        assertEquals(both, arns(blocking.get(30, TimeUnit.SECONDS)));
        assertNothingIsLeft();
    }

    @Test
    void aFutureEndsWithTheMemberThatHasItsCluster() {
        places.put(US, "x");
        CompletableFuture<?> future = view.whenRunning(List.of(Places.arn(US, "b")));
        CompletableFuture<?> elsewhere = view.whenRunning(List.of(Places.arn(EU, "a")));

        places.other.close();
        assertFalse(future.isDone());
        places.us.close();

        Throwable failure =
                assertThrows(CompletionException.class, future::join).getCause();
        assertNames(US, assertInstanceOf(NotReadyException.class, failure));
        assertFalse(elsewhere.isDone());
        places.eu.close();
        assertThrows(CompletionException.class, elsewhere::join);
    }

    @Test
    void aCancelledFutureLeavesNothing() {
        CompletableFuture<?> future = view.whenStopped(List.of(Places.arn(EU, "a")));
        future.cancel(false);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        for (Watched each : List.of(places.eu, places.us, places.other)) {
            Await.await(() -> each.view.pending().toString().startsWith("0 futures"));
            Await.await(() -> each.view.signal().followers() == 0);
        }
    }

    private static List<String> arns(List<Task> tasks) {
        return tasks.stream().map(Task::taskArn).toList();
    }

    private static <R> CompletableFuture<R> waiting(Callable<R> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
