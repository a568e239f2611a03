package io.clusterstate;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads that tell listeners, and their end. */
class SubscriptionThreadsTest {

    private final Watched watched = Watched.live();
    private final List<Long> told = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    @Promise(9)
    void aListenerThatDoesNotReturnDelaysNobody() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Subscription slow = watched.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .onBatch(batch -> {
                    stuck.countDown();
                    goOn.await();
                })
                .build());
        watched.view.subscribe(versions().build());
        await(() -> slow.status().isActive() && watched.view.waiting() == 2);
        watched.put("a", 1);
        assertTrue(stuck.await(30, TimeUnit.SECONDS));

        for (int version = 2; version <= 3_000; version++) {
            watched.put("a", version);
        }
        await(() -> told.contains(3_000L));
        assertEquals(3_000, slow.status().behind(), "the one that is being told included");

        goOn.countDown();
        await(() -> slow.status().resets() == 1 && slow.status().behind() == 0);
    }

    @Test
    void eachHasAThreadThatCarriesItsName() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        ChangeListener listener = ChangeListener.builder()
                .named("placement")
                .onInitial(batch -> names.add(Thread.currentThread().getName()))
                .build();
        watched.view.subscribe(listener);
        watched.view.subscribe(listener);

        await(() -> names.size() == 2);
        assertTrue(names.stream().allMatch(name -> name.startsWith("css-placement-")), names::toString);
    }

    @Test
    @Promise(11)
    void noThreadIsLeftOfASubscriptionThatEnds() {
        Subscription one = watched.view.subscribe(versions().named("leaves").build());
        Subscription other = watched.view.subscribe(versions().named("stays").build());
        await(() -> watched.view.waiting() == 2);

        one.cancel();
        one.cancel();

        await(() -> watched.threads.living("css-leaves").isEmpty());
        assertFalse(one.status().isActive());
        assertTrue(other.status().isActive());
        assertEquals(1, watched.view.subscriptions().size());
        watched.close();
        assertEquals(List.of(), watched.threads.living("css-stays"), "close waits for it");
    }

    @Test
    @Promise(11)
    void closeWaitsForAListenerAndThenInterruptsIt() {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch stuck = new CountDownLatch(1);
        watched.view.subscribe(ChangeListener.builder()
                .named("sleeper")
                .onInitial(batch -> {
                    stuck.countDown();
                    try {
                        TimeUnit.MINUTES.sleep(5);
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                        throw e;
                    }
                })
                .build());
        await(() -> stuck.getCount() == 0);
        watched.host.over(null);

        watched.view.close(Duration.ofMillis(200));

        await(() -> watched.threads.living("css-sleeper").isEmpty());
        assertEquals(1, interrupted.get());
    }

    @Test
    void aHandlerIsNeverCalledTwiceAtOnce() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        watched.view.subscribe(versions()
                .onBatch(batch -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    atOnce.decrementAndGet();
                })
                .build());
        for (int version = 1; version <= 500; version++) {
            watched.put("a", version);
        }
        await(() -> told.contains(500L) && most.get() > 0);
        assertEquals(1, most.get());
        assertEquals(told.stream().sorted().toList(), told);
    }

    @Test
    void aHandlerMayDispatchToAnExecutorOfItsOwn() {
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> new Thread(work, "callers"));
        List<String> names = Collections.synchronizedList(new ArrayList<>());
        try {
            watched.view.subscribe(ChangeListener.builder()
                    .onBatch(batch -> executor.execute(
                            () -> names.add(Thread.currentThread().getName())))
                    .build());
            watched.put("a", 1);
            await(() -> names.equals(List.of("callers", "callers")) || names.equals(List.of("callers")));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @Promise(11)
    void closeDoesNotSitOutARetrysPause() {
        for (int i = 0; i < 20; i++) {
            watched.view.subscribe(ChangeListener.builder()
                    .onInitial(batch -> {
                        throw new IllegalStateException("never");
                    })
                    .onError(failure -> ErrorAction.RETRY)
                    .build());
        }
        await(() -> watched.view.subscriptions().stream()
                .allMatch(each -> each.failures() >= 7)); // pauses up to 12.8 s by now; of 20, some are long
        long begun = System.nanoTime();

        watched.close();

        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void aThreadThatCannotBeHadLeavesNoSubscription() {
        StoreView view = StoreView.of(watched.store.journal(), watched.host, Instant::now, work -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThrows(OutOfMemoryError.class, () -> view.subscribe(versions().build()));
        assertEquals(List.of(), view.subscriptions());
    }

    @Test
    void aFailureThatCannotEvenBeToldEndsItsSubscriptionAlone() {
        Subscription subscription = watched.view.subscribe(versions()
                .tasks(tasks -> tasks.matching(query -> query.where(task -> {
                    throw new Untold();
                })))
                .build());
        watched.view.subscribe(versions().build());
        watched.put("a", 1);

        await(() -> told.equals(List.of(1L)));
        await(() -> !subscription.status().isActive());
    }

    /** Throws when it is asked what happened. */
    private static final class Untold extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }
    }

    @Test
    void aStrayInterruptChangesNothing() {
        AtomicInteger batches = new AtomicInteger();
        watched.view.subscribe(versions()
                .onBatch(batch -> {
                    batches.incrementAndGet();
                    Thread.currentThread().interrupt();
                })
                .build());
        for (int version = 1; version <= 20; version++) {
            watched.put("a", version);
        }
        await(() -> told.contains(20L) && batches.get() > 0);
        assertEquals(told.stream().sorted().toList(), told);
    }

    @Test
    void aFailureIsToldAgainAfterAPause() {
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
        watched.view.subscribe(versions()
                .tasks(tasks -> tasks.onAdded(task -> {
                    if (attempts.size() < 2) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .onError(failure -> {
                    attempts.add(failure.attempt());
                    return ErrorAction.RETRY;
                })
                .build());
        await(() -> watched.view.waiting() == 1);
        watched.put("a", 1);
        watched.put("a", 2);

        await(() -> told.contains(2L));
        assertEquals(List.of(1, 2), attempts);
        assertEquals(List.of(1L, 2L), told, "the other handler of the change is not concerned");
    }

    @Test
    void aRetryThatPausesEndsAtOnceWhenItIsCancelled() {
        Subscription subscription = watched.view.subscribe(versions()
                .named("retrying")
                .onInitial(batch -> {
                    throw new IllegalStateException("never");
                })
                .onError(failure -> ErrorAction.RETRY)
                .build());
        await(() -> subscription.status().failures() >= 3);

        subscription.cancel();

        await(() -> watched.threads.living("css-retrying").isEmpty());
        assertFalse(subscription.status().isActive());
    }

    private ChangeListenerBuilder versions() {
        return ChangeListener.builder()
                .tasks(tasks ->
                        tasks.onEach((change, batch) -> told.add(change.latest().version())));
    }
}
