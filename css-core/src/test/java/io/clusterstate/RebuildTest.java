package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise 9 in random histories: a map that takes in the told changes equals the view, although other listeners are
 * slow, throw or cancel, and the journal drops batches.
 */
@Promise(9)
class RebuildTest {

    private static final int BATCHES = 40;

    @Test
    @Tag("soak")
    void toldByHandAtRandomMoments() {
        Seeds.forEach(Soak.size("histories told by hand", 150, 700), random -> {
            try (Watched watched = Watched.byHand(new ChangeJournal(random.nextInt(30)))) {
                Crowd crowd = new Crowd(watched, random, 10);
                Turmoil turmoil = new Turmoil(random);
                for (int i = 0; i < BATCHES; i++) {
                    watched.store.apply(turmoil.batch());
                    crowd.maybeJoin();
                    if (random.nextInt(4) == 0) {
                        tell(watched);
                    }
                }
                for (int i = 0; i < 100; i++) {
                    tell(watched); // each time, listeners that retry advance by one
                }
                crowd.check();
            }
        });
    }

    @Test
    @Tag("soak")
    void toldByThreads() {
        Seeds.forEach(Soak.size("histories told by threads", 75, 300), random -> {
            try (Watched watched = Watched.live(new ChangeJournal(random.nextInt(30)))) {
                Crowd crowd = new Crowd(watched, random, 300);
                Turmoil turmoil = new Turmoil(random);
                for (int i = 0; i < BATCHES; i++) {
                    watched.store.apply(turmoil.batch());
                    crowd.maybeJoin();
                    if (random.nextInt(4) == 0) {
                        LockSupport.parkNanos(random.nextInt(300_000));
                    }
                }
                crowd.awaitAll();
                crowd.check();
            }
        });
    }

    private static void tell(Watched watched) {
        try {
            watched.tell();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Listeners of all sorts, each of which joins at some moment. */
    private static final class Crowd {

        private final Watched watched;
        private final Random random;
        /** The share of batches that is told again, one of so many: low where that takes time. */
        private final int oneOf;

        private final List<Runnable> waiting = new ArrayList<>();
        private final Map<String, Rebuilt> whole = new HashMap<>();
        private @Nullable Rebuilt running;
        private final Rebuilt untilCancelled = new Rebuilt();
        private final AtomicReference<@Nullable Snapshot> cancelledAt = new AtomicReference<>();
        private final AtomicInteger toldAfterwards = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
        private @Nullable Snapshot known;

        Crowd(Watched watched, Random random, int oneOf) {
            this.watched = watched;
            this.oneOf = oneOf;
            this.random = random;
            waiting.addAll(List.of(
                    this::joinPlain,
                    this::joinSlow,
                    this::joinThrowing,
                    this::joinResetting,
                    this::joinFiltered,
                    this::joinCancelling,
                    this::joinFlow,
                    this::joinResumed));
        }

        void maybeJoin() {
            if (known == null && random.nextInt(3) == 0) {
                known = watched.view.snapshot();
            }
            if (!waiting.isEmpty() && random.nextInt(3) == 0) {
                waiting.remove(random.nextInt(waiting.size())).run();
            }
        }

        private Rebuilt add(String name, Rebuilt map) {
            whole.put(name, map);
            return map;
        }

        private void joinPlain() {
            Rebuilt map = add("plain", new Rebuilt());
            subscribe(ChangeListener.builder().onBatch(map::enter));
        }

        private void joinSlow() {
            Rebuilt map = add("slow", new Rebuilt());
            int nanos = random.nextInt(500_000);
            subscribe(ChangeListener.builder().behindAtMost(random.nextInt(10)).onBatch(batch -> {
                map.enter(batch);
                LockSupport.parkNanos(nanos);
            }));
        }

        /** Throws at the first call and after the last change; the first failure is retried, the second is not. */
        private void joinThrowing() {
            Rebuilt map = add("throwing", new Rebuilt());
            Random dice = new Random(random.nextLong());
            subscribe(ChangeListener.builder().onBatch(batch -> {
                if (dice.nextInt(oneOf) == 0) {
                    throw new IllegalStateException("before");
                }
                map.enter(batch);
                if (dice.nextInt(4) == 0) {
                    throw new IllegalStateException("after");
                }
            }));
        }

        private void joinResetting() {
            Rebuilt map = add("resetting", new Rebuilt());
            subscribe(ChangeListener.builder()
                    .behindAtMost(random.nextInt(6))
                    .tasks(tasks -> tasks.onEach(map::enter))
                    .instances(instances -> instances.onEach(map::enter))
                    .services(services -> services.onEach(map::enter))
                    .clusters(clusters -> clusters.onEach(map::enter))
                    .onReset(map::become)
                    .onBatch(map::reached));
        }

        private void joinFiltered() {
            Rebuilt map = new Rebuilt();
            running = map;
            subscribe(ChangeListener.builder().behindAtMost(random.nextInt(20)).tasks(tasks -> tasks.matching(
                            query -> query.in("prod").status("RUNNING"))
                    .onEach(map::enter)));
        }

        private void joinCancelling() {
            int last = random.nextInt(8);
            AtomicInteger batches = new AtomicInteger();
            AtomicReference<@Nullable Subscription> self = new AtomicReference<>();
            ChangeListenerBuilder builder = ChangeListener.builder().onBatch(batch -> {
                if (cancelledAt.get() != null) {
                    toldAfterwards.incrementAndGet();
                }
                untilCancelled.enter(batch);
                Subscription subscription = self.get();
                if (batches.getAndIncrement() >= last && subscription != null) {
                    cancelledAt.set(batch.snapshot());
                    subscription.cancel();
                }
            });
            self.set(subscribe(builder));
        }

        private void joinResumed() {
            Snapshot from = known;
            if (from == null) {
                return;
            }
            Rebuilt map = new Rebuilt(from);
            try {
                watched.view.subscribe(
                        ChangeListener.builder().onBatch(map::enter).build(), from.revision());
                add("resumed", map);
            } catch (RevisionOutOfRangeException e) {
                assertTrue(e.oldest() > from.revision());
            }
        }

        private void joinFlow() {
            Rebuilt map = add("flow", new Rebuilt());
            int atOnce = 1 + random.nextInt(3);
            watched.view.changes().subscribe(new Flow.Subscriber<>() {
                private Flow.@Nullable Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(atOnce);
                }

                @Override
                public void onNext(ChangeBatch batch) {
                    try {
                        map.enter(batch);
                    } catch (AssertionError e) {
                        wrong.set(e);
                    }
                    subscription.request(1);
                }

                @Override
                public void onError(Throwable error) {
                    wrong.set(error);
                }

                @Override
                public void onComplete() {}
            });
        }

        private Subscription subscribe(ChangeListenerBuilder builder) {
            return watched.view.subscribe(builder.onError(this::afterFailure).build());
        }

        private ErrorAction afterFailure(ListenerFailure failure) {
            if (failure.error() instanceof AssertionError) {
                wrong.compareAndSet(null, failure.error());
                return ErrorAction.CANCEL;
            }
            return "before".equals(failure.error().getMessage()) ? ErrorAction.RETRY : ErrorAction.SKIP;
        }

        void awaitAll() {
            long revision = watched.view.snapshot().revision();
            whole.values().forEach(map -> await(() -> map.revision() == revision));
            await(this::isRunningRight);
        }

        /** Waits for a condition; on failure, prints the status of each subscriber. */
        private void await(BooleanSupplier condition) {
            long end = System.nanoTime() + Watched.LIMIT.toNanos();
            while (!condition.getAsBoolean()) {
                Throwable error = wrong.get();
                if (error != null || System.nanoTime() > end) {
                    throw new AssertionError(watched.view.subscriptions() + ", maps " + revisions(), error);
                }
                LockSupport.parkNanos(100_000);
            }
        }

        private Map<String, Long> revisions() {
            Map<String, Long> revisions = new HashMap<>();
            whole.forEach((name, map) -> revisions.put(name, map.revision()));
            return revisions;
        }

        private boolean isRunningRight() {
            Rebuilt map = running;
            return map == null || map.holds(runningNow());
        }

        void check() {
            whole.forEach((name, map) -> {
                assertEquals(watched.view.snapshot().revision(), map.revision(), name);
                map.assertIs(watched.view.snapshot());
            });
            assertTrue(isRunningRight());
            Snapshot end = cancelledAt.get();
            if (end != null) {
                untilCancelled.assertIs(end);
                assertEquals(0, toldAfterwards.get());
            }
            assertEquals(null, wrong.get());
            watched.view
                    .subscriptions()
                    .forEach(each -> assertFalse(
                            each.lastFailure()
                                    .filter(text -> text.contains("Assertion"))
                                    .isPresent(),
                            each::toString));
        }

        private Map<String, Observed<?>> runningNow() {
            Map<String, Observed<?>> entities = new HashMap<>();
            watched.view
                    .snapshot()
                    .tasks()
                    .in("prod")
                    .status("RUNNING")
                    .observed()
                    .forEach(each -> entities.put(each.arn(), each));
            return entities;
        }
    }
}
