package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ErrorAction;
import io.clusterstate.NotReadyException;
import io.clusterstate.Subscription;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.RecordingThreadFactory;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After close, from whatever state, no thread of the mirror is left, and nothing is called any more. */
class CloseTest {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
    /** Beyond the limit, for a machine that is busy. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final RecordingThreadFactory threads = new RecordingThreadFactory();
    private final AtomicInteger reports = new AtomicInteger();
    private boolean isInterrupted;
    /** A thread of the mirror that closes it cannot have ended when close returns. */
    private volatile Thread closer = Thread.currentThread();

    @AfterEach
    void nothingIsLeft() {
        assertEquals(List.of(), threads.living());
    }

    @Test
    @Promise(11)
    void beforeTheStart() {
        whenClosed(builder -> {}, mirror -> {});
    }

    @Test
    @Promise(11)
    void rightAfterTheStart() {
        whenClosed(builder -> {}, ClusterMirror::start);
    }

    @Test
    @Promise(11)
    void whileEcsIsOut() {
        whenClosed(builder -> {}, (mirror, world) -> {
            world.simulator().faults().ecsOutage(true);
            mirror.start();
            await(() -> mirror.status().failure().isPresent());
        });
    }

    @Test
    @Promise(11)
    void whileSqsIsOut() {
        whenClosed(builder -> {}, (mirror, world) -> {
            world.simulator().faults().sqsOutage(true);
            mirror.start();
            awaitReady(mirror);
        });
    }

    @Test
    @Promise(11)
    void whileAnAnswerOfEcsIsAwaited() {
        whenClosed(builder -> {}, (mirror, world) -> {
            world.simulator().faults().delayResponses(Duration.ofSeconds(4));
            mirror.start();
            await(() -> !mirror.status().api().calls().isEmpty());
        });
    }

    @Test
    @Promise(11)
    void whileTheBudgetIsAwaited() {
        whenClosed(builder -> builder.apiShare(0.001), (mirror, world) -> {
            mirror.start();
            await(() -> !mirror.status().api().calls().isEmpty());
        });
    }

    @Test
    @Promise(11)
    void inTheMiddleOfAReconcileUnderEvents() {
        whenClosed(builder -> {}, (mirror, world) -> {
            mirror.start();
            awaitReady(mirror);
            world.simulator().faults().use(Fault.parse("errors,duplicates"));
            world.simulator().drive(300);
            var underWay = mirror.reconcileNow();
            await(() -> underWay.isDone() || mirror.status().deliveries().get(DeliveryOutcome.APPLIED) > 50);
        });
    }

    @Test
    @Promise(11)
    void whileAListenerIsAtWork() {
        CountDownLatch called = new CountDownLatch(1);
        whenClosed(
                builder -> builder.onReconcile(report -> {
                    reports.incrementAndGet();
                    called.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                (mirror, world) -> {
                    mirror.start();
                    awaitZero(called);
                });
    }

    @Test
    @Promise(11)
    void fromAListener() {
        CountDownLatch closed = new CountDownLatch(1);
        ClusterMirror[] self = new ClusterMirror[1];
        whenClosed(
                builder -> builder.onReconcile(report -> {
                    closer = Thread.currentThread();
                    self[0].close();
                    closed.countDown();
                }),
                (mirror, world) -> {
                    self[0] = mirror;
                    mirror.start();
                    awaitZero(closed);
                });
    }

    @Test
    @Promise(11)
    void fromAChangeListener() {
        CountDownLatch closed = new CountDownLatch(1);
        whenClosed(builder -> {}, (mirror, world) -> {
            mirror.view()
                    .subscribe(ChangeListener.builder()
                            .onInitial(batch -> {
                                closer = Thread.currentThread();
                                mirror.close();
                                closed.countDown();
                            })
                            .build());
            mirror.start();
            awaitZero(closed);
        });
    }

    @Test
    @Promise(11)
    void whileChangeListenersAreAtWorkPauseAndWait() {
        CountDownLatch atWork = new CountDownLatch(1);
        whenClosed(builder -> {}, (mirror, world) -> {
            mirror.start();
            awaitReady(mirror);
            Subscription failing = mirror.view()
                    .subscribe(ChangeListener.builder()
                            .onInitial(batch -> {
                                throw new IllegalStateException("never");
                            })
                            .onError(failure -> ErrorAction.RETRY)
                            .build());
            mirror.view()
                    .subscribe(ChangeListener.builder()
                            .onBatch(batch -> reports.incrementAndGet())
                            .build());
            mirror.view()
                    .subscribe(ChangeListener.builder()
                            .onInitial(batch -> {
                                atWork.countDown();
                                new CountDownLatch(1).await();
                            })
                            .build());
            world.simulator().drive(200);
            awaitZero(atWork);
            await(() -> failing.status().failures() > 0);
        });
    }

    @Test
    @Promise(11)
    void byAThreadThatIsInterrupted() {
        whenClosed(builder -> {}, (mirror, world) -> {
            mirror.start();
            awaitReady(mirror);
            Thread.currentThread().interrupt();
        });
        assertTrue(isInterrupted, "the interrupt is left to the host");
    }

    @Test
    @Promise(11)
    void inStandby() {
        try (SimulatorFixture world = new SimulatorFixture(small());
                ClusterMirror first = builder(world).build()) {
            first.start();
            awaitReady(first);
            ClusterMirror second = builder(world).build();
            second.start();
            await(() -> second.status().role() == Role.STANDBY);
            assertClosesInTime(second);
        }
    }

    private void whenClosed(Consumer<ClusterMirrorBuilder> choices, Consumer<ClusterMirror> state) {
        whenClosed(choices, (mirror, world) -> state.accept(mirror));
    }

    private void whenClosed(Consumer<ClusterMirrorBuilder> choices, State state) {
        try (SimulatorFixture world = new SimulatorFixture(small())) {
            ClusterMirrorBuilder builder = builder(world).onReconcile(report -> reports.incrementAndGet());
            choices.accept(builder);
            ClusterMirror mirror = builder.build();
            state.reach(mirror, world);

            assertClosesInTime(mirror);

            int heard = reports.get();
            isInterrupted = Thread.interrupted();
            awaitOwnEnd();
            nothingIsLeft();
            assertEquals(heard, reports.get(), "nobody is called any more");
            assertEquals(Phase.CLOSED, mirror.status().phase());
            assertThrows(NotReadyException.class, mirror.view()::snapshot);
            mirror.close();
        }
    }

    private static void assertClosesInTime(ClusterMirror mirror) {
        long from = System.nanoTime();
        mirror.close();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(CLOSE_LIMIT.plus(GRACE)) < 0, () -> "close took " + took);
    }

    /** Brings a mirror to the state in which it is closed. */
    private interface State {
        void reach(ClusterMirror mirror, SimulatorFixture world);
    }

    private static SimulatorBuilder small() {
        return Simulator.builder().seed(7).clusters(2).tasks(120);
    }

    private ClusterMirrorBuilder builder(SimulatorFixture world) {
        return ClusterMirror.builder()
                .threads(threads)
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .closeWithin(CLOSE_LIMIT);
    }

    /**
     * Where a listener has closed the mirror, its thread, and the one that waits for an executor, end after the
     * listener.
     */
    private void awaitOwnEnd() {
        await(() -> closer == Thread.currentThread() || threads.living().isEmpty());
    }

    private static void awaitReady(ClusterMirror mirror) {
        await(mirror.view()::isReady);
    }

    private static void awaitZero(CountDownLatch latch) {
        await(() -> latch.getCount() == 0);
    }
}
