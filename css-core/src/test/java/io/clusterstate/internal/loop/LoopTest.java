package io.clusterstate.internal.loop;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus;
import io.clusterstate.LoopStatus.State;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LoopTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final TestTime time = new TestTime();
    private final Environment environment = new Environment(() -> NOON, time, Thread::new, new Random(1));

    @Test
    void goesOnAfterAFailureAndForgetsItAfterASuccess() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Loop loop = new Loop("unsteady", environment, heartbeat -> {
            if (steps.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
            }
            return Duration.ofMillis(1);
        });

        loop.start();

        await(() -> steps.get() > 2);
        LoopStatus status = loop.status();
        assertEquals(0, status.failuresInARow());
        assertEquals("first", status.lastFailure().orElseThrow());
        assertEquals(State.WORKING, status.state());
        loop.stop();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void anErrorDoesNotKillIt() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Loop loop = new Loop("broken", environment, heartbeat -> {
            steps.incrementAndGet();
            throw new AssertionError("broken");
        });

        loop.start();

        await(() -> steps.get() > 1 && loop.status().failuresInARow() > 1);
        assertEquals(State.FAILING, loop.status().state());
        loop.stop();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void aThreadThatIsInterruptedFromOutsideIsReplaced() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Loop loop = stuck(environment, steps);
        loop.start();
        await(() -> steps.get() == 1);

        loop.interrupt();

        await(() -> steps.get() == 2);
        assertEquals(State.WORKING, loop.status().state());
        assertEquals(1, loop.status().restarts());
        loop.stop();
        loop.interrupt();
        assertTrue(loop.join(LIMIT));
        assertEquals(State.ENDED, loop.status().state());
    }

    @Test
    @Promise(11)
    void stopsTheSuccessorEvenWhileItTakesOver() throws Exception {
        CountDownLatch mayTakeOver = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        ThreadFactory slowToTakeOver = work -> made.incrementAndGet() == 1
                ? new Thread(work)
                : new Thread(work) {
                    @Override
                    public synchronized void start() {
                        super.start();
                        while (mayTakeOver.getCount() > 0) {
                            Thread.onSpinWait(); // an interrupt must not end it
                        }
                    }
                };
        AtomicInteger steps = new AtomicInteger();
        Loop loop = stuck(new Environment(() -> NOON, time, slowToTakeOver, new Random(1)), steps);
        loop.start();
        await(() -> steps.get() == 1);
        loop.interrupt();
        await(() -> steps.get() == 2);
        FutureTask<State> stopping = new FutureTask<>(() -> {
            loop.stop();
            loop.interrupt();
            assertTrue(loop.join(LIMIT));
            return loop.status().state();
        });
        Thread stopper = new Thread(stopping);

        stopper.start();
        await(() -> stopper.getState() != Thread.State.RUNNABLE);
        mayTakeOver.countDown();

        assertEquals(State.ENDED, stopping.get());
    }

    /** A loop whose steps never end, unless they are interrupted. */
    private static Loop stuck(Environment environment, AtomicInteger steps) {
        return new Loop("stuck", environment, heartbeat -> {
            steps.incrementAndGet();
            new CountDownLatch(1).await();
            return Duration.ZERO;
        });
    }

    @Test
    @Promise(10)
    void aThreadThatCannotBeReplacedShowsAsDead() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        ThreadFactory once = work -> {
            if (made.incrementAndGet() > 1) {
                throw new IllegalStateException("no more threads");
            }
            Thread thread = new Thread(work);
            thread.setUncaughtExceptionHandler((dead, why) -> {});
            return thread;
        };
        CountDownLatch inStep = new CountDownLatch(1);
        Loop loop = new Loop("dead", new Environment(() -> NOON, time, once, new Random(1)), heartbeat -> {
            inStep.countDown();
            new CountDownLatch(1).await();
            return Duration.ZERO;
        });
        loop.start();
        inStep.await();

        loop.interrupt();

        assertTrue(loop.join(LIMIT));
        assertEquals(State.DEAD, loop.status().state());
        assertEquals(NOON, loop.status().lastBeat().orElseThrow());
    }

    @Test
    @Promise(10)
    void aThreadThatCannotLiveIsReplacedWithPausesAndNotAsFastAsCanBe() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        ThreadFactory counting = work -> {
            made.incrementAndGet();
            Thread thread = new Thread(work);
            thread.setUncaughtExceptionHandler((dead, why) -> {});
            return thread;
        };
        InstantSource broken = () -> {
            throw new AssertionError("no clock");
        };
        RandomGenerator longest = () -> -1L >>> 1;
        Loop loop = new Loop("doomed", new Environment(broken, time, counting, longest), heartbeat -> Duration.ZERO);
        loop.start();
        await(() -> made.get() > 1);
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());

        assertTrue(made.get() < 20, () -> "threads: " + made);
        loop.stop();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void anInterruptInEveryStepCostsPausesThatGrow() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        assertGoesSlower(steps, heartbeat -> {
            steps.incrementAndGet();
            throw new InterruptedException("again");
        });
    }

    @Test
    @Promise(10)
    void anInterruptAfterEveryStepCostsPausesThatGrow() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        assertGoesSlower(steps, heartbeat -> {
            steps.incrementAndGet();
            Thread.currentThread().interrupt();
            return Duration.ZERO;
        });
    }

    /** Pauses are short until the ninth thread, of which the next one is the longest there is. */
    private void assertGoesSlower(AtomicInteger steps, Loop.Step interrupted) throws InterruptedException {
        AtomicReference<Thread> last = new AtomicReference<>();
        ThreadFactory watched = work -> {
            last.set(new Thread(work));
            return last.get();
        };
        Environment slow = new Environment(() -> NOON, time, watched, new ShortUntil(steps, 9));
        Loop loop = new Loop("interrupted", slow, interrupted);
        loop.start();
        try {
            await(() -> steps.get() >= 9 && last.get().getState() == Thread.State.TIMED_WAITING);

            assertEquals(9, steps.get());
            assertEquals(State.FAILING, loop.status().state());
            assertEquals(9, loop.status().restarts());
            assertTrue(loop.status().lastFailure().orElseThrow().contains("9 times in a row"));
        } finally {
            loop.stop();
            assertTrue(loop.join(LIMIT));
        }
    }

    /** Dice that say zero until so many steps were taken, and then the most. */
    private record ShortUntil(AtomicInteger steps, int many) implements RandomGenerator {

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException("nextLong");
        }

        @Override
        public long nextLong(long bound) {
            return steps.get() < many ? 0 : bound - 1;
        }
    }

    @Test
    @Promise(10)
    void aStepThatSucceedsAndPausesForgetsTheInterruptsBefore() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Environment slow = new Environment(() -> NOON, time, Thread::new, new ShortUntil(steps, 10));
        Loop loop = new Loop("better", slow, heartbeat -> {
            int step = steps.incrementAndGet();
            if (step < 10 || step == 11) {
                throw new InterruptedException("again");
            }
            return step < 12 ? Duration.ZERO : Duration.ofDays(1);
        });
        loop.start();

        await(() -> steps.get() == 12);

        assertEquals(10, loop.status().restarts());
        assertTrue(loop.status().lastFailure().orElseThrow().contains("9 times in a row"));
        loop.stop();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void aBrokenClassPathShowsAndIsNotTriedAgainSoon() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        AtomicReference<Thread> thread = new AtomicReference<>();
        ThreadFactory watched = work -> {
            thread.set(new Thread(work));
            return thread.get();
        };
        RandomGenerator shortest = () -> 0;
        Loop loop = new Loop("unlinked", new Environment(() -> NOON, time, watched, shortest), heartbeat -> {
            if (steps.incrementAndGet() > 1) {
                return Loop.LAST;
            }
            throw new NoSuchMethodError("newer()");
        });

        loop.start();

        await(() -> thread.get().getState() == Thread.State.TIMED_WAITING);
        time.advance(Duration.ofMinutes(10));
        assertEquals(State.FAILING, loop.status().state());
        assertEquals(
                "java.lang.NoSuchMethodError: newer() (expected: a class path of compatible and recent libraries)",
                loop.status().lastFailure().orElseThrow());
        loop.stop();
        assertTrue(loop.join(LIMIT));
        assertEquals(1, steps.get());
    }

    @Test
    @Promise(10)
    void aStepThatHangsShowsAsSilentUntilItBeatsAgain() throws InterruptedException {
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch mayBeat = new CountDownLatch(1);
        CountDownLatch hasBeaten = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Loop loop = new Loop("hanging", environment, heartbeat -> {
            inStep.countDown();
            mayBeat.await();
            heartbeat.beat();
            hasBeaten.countDown();
            mayEnd.await();
            return Loop.LAST;
        });
        loop.start();
        inStep.await();
        time.advance(Loop.LONGEST_SILENCE);
        assertEquals(State.WORKING, loop.status().state());
        time.advance(Duration.ofSeconds(1));
        assertEquals(State.SILENT, loop.status().state());

        mayBeat.countDown();
        hasBeaten.await();

        assertEquals(State.WORKING, loop.status().state());
        mayEnd.countDown();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void aWaitWithinAStepIsNotSilenceUntilItIsOver() throws InterruptedException {
        CountDownLatch isWaiting = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Duration wait = Duration.ofMinutes(10);
        Loop loop = new Loop("waiting", environment, heartbeat -> {
            heartbeat.beat(wait);
            isWaiting.countDown();
            mayEnd.await();
            return Loop.LAST;
        });
        loop.start();
        isWaiting.await();

        time.advance(wait.plus(Loop.LONGEST_SILENCE));
        assertEquals(State.WORKING, loop.status().state());
        time.advance(Duration.ofSeconds(1));
        assertEquals(State.SILENT, loop.status().state());

        mayEnd.countDown();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    @Promise(10)
    void aLongPauseIsNotSilence() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        AtomicReference<Thread> thread = new AtomicReference<>();
        ThreadFactory watched = work -> {
            thread.set(new Thread(work));
            return thread.get();
        };
        Loop loop = new Loop("rare", new Environment(() -> NOON, time, watched, new Random(1)), heartbeat -> {
            steps.incrementAndGet();
            return Duration.ofMinutes(10);
        });
        loop.start();
        await(() -> steps.get() == 1 && thread.get().getState() == Thread.State.TIMED_WAITING);

        time.advance(Duration.ofMinutes(10));

        assertEquals(State.WORKING, loop.status().state());
        loop.stop();
        assertTrue(loop.join(LIMIT));
    }

    @Test
    void endsByItself() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Loop loop =
                new Loop("short", environment, heartbeat -> steps.incrementAndGet() < 3 ? Duration.ZERO : Loop.LAST);

        loop.start();

        assertTrue(loop.join(LIMIT));
        assertEquals(3, steps.get());
    }

    @Test
    void stopsInTheMiddleOfAPause() throws InterruptedException {
        CountDownLatch stepped = new CountDownLatch(1);
        Loop loop = new Loop("resting", environment, heartbeat -> {
            stepped.countDown();
            return Duration.ofDays(1);
        });
        loop.start();
        stepped.await();

        loop.stop();

        assertTrue(loop.join(LIMIT));
    }

    @Test
    void aLoopThatNeverStartedIsJoinedAtOnce() throws InterruptedException {
        Loop loop = new Loop("latent", environment, heartbeat -> Duration.ZERO);

        assertTrue(loop.join(LIMIT));
        assertFalse(loop.isAlive());
        assertTrue(loop.status().lastBeat().isEmpty());
    }
}
