package io.clusterstate;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rings, sleeping threads, and those that wake each other. */
class DoorbellTest {

    private static final long HALF_A_MINUTE = TimeUnit.SECONDS.toMillis(30);

    private final Doorbell bell = new Doorbell();
    private final AtomicBoolean wasInterrupted = new AtomicBoolean();

    @Test
    void aRingForAThreadThatIsAwakeNeedsNoWakeUp() throws Exception {
        bell.listen();
        assertFalse(bell.ring());
        bell.await(); // returns, since it was rung after the look began
        bell.listen();
        bell.await(Signal.after(Duration.ofMillis(1))); // the ring is forgotten, so the time ends it
        assertFalse(bell.isAsleep());
    }

    @Test
    void aSleepingThreadIsWokenOnceForManyRings() throws Exception {
        Thread sleeper = sleeper(bell);

        assertTrue(bell.ring());
        assertFalse(bell.ring());
        assertFalse(bell.isAsleep(), "it is about to be woken");
        bell.wake();

        join(sleeper);
    }

    @Test
    void aThreadThatWasRungForWaitsForItsWakeUp() throws Exception {
        Thread sleeper = sleeper(bell);
        assertTrue(bell.ring());

        sleeper.interrupt();
        sleeper.join(20);
        assertTrue(sleeper.isAlive(), "others may depend on it");

        bell.wake();
        join(sleeper);
        assertTrue(wasInterrupted.get());
    }

    @Test
    void aThreadThatWasRungForSleepsOnBeyondItsDeadline() throws Exception {
        Thread sleeper = rungFor(Duration.ofMillis(200));

        await(() -> sleeper.getState() == Thread.State.WAITING); // neither for a time, nor busy

        bell.wake();
        join(sleeper);
    }

    /** A thread that was rung for before its deadline; on a busy machine, not at the first attempt. */
    private Thread rungFor(Duration limit) {
        while (true) {
            bell.listen();
            Thread thread = start(() -> bell.await(Signal.after(limit)));
            await(() -> bell.isAsleep() || !thread.isAlive());
            if (bell.ring()) {
                return thread;
            }
        }
    }

    @Test
    void anInterruptEndsASleep() throws Exception {
        Thread sleeper = sleeper(bell);
        sleeper.interrupt();
        join(sleeper);
        assertTrue(wasInterrupted.get());
        assertFalse(bell.ring(), "nobody sleeps");
    }

    @Test
    void aCascadeWakesEveryThread() throws Exception {
        List<Doorbell> bells = new ArrayList<>();
        List<Thread> sleepers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Doorbell one = new Doorbell();
            bells.add(one);
            sleepers.add(sleeper(one));
        }
        Cascade cascade = new Cascade(101);
        bells.forEach(cascade::ring);
        cascade.ring(new Doorbell()); // nobody sleeps there

        cascade.begin();

        for (Thread each : sleepers) {
            join(each);
        }
    }

    @Test
    void anInterruptedThreadGoesOnWithTheCascade() throws Exception {
        Doorbell next = new Doorbell();
        Thread first = sleeper(bell);
        Thread second = sleeper(next);
        Cascade cascade = new Cascade(2);
        cascade.ring(bell);
        cascade.ring(next);
        first.interrupt();

        cascade.begin();

        join(first);
        assertTrue(wasInterrupted.get());
        join(second);
    }

    /** A thread that sleeps until it is woken. */
    private Thread sleeper(Doorbell own) {
        Thread thread = start(own::await);
        await(own::isAsleep);
        return thread;
    }

    private interface Sleep {

        void run() throws InterruptedException;
    }

    private Thread start(Sleep sleep) {
        Thread thread = new Thread(() -> {
            try {
                sleep.run();
            } catch (InterruptedException e) {
                wasInterrupted.set(true);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) throws InterruptedException {
        thread.join(HALF_A_MINUTE);
        assertFalse(thread.isAlive(), "sleeps although it was woken");
    }
}
