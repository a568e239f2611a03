package io.clusterstate.internal.loop;

import io.clusterstate.LoopStatus;
import io.clusterstate.LoopStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step again and again on a thread of its own: the one place where a thread of the library can die, and the one
 * that notices. A step that fails is tried again after a {@link Backoff}, with one log line each time; a thread that
 * ends unasked is replaced. The first interrupt costs no pause; if threads go on ending, each successor pauses for
 * longer.
 */
public final class Loop {

    /** What is done again and again. */
    @FunctionalInterface
    public interface Step {

        /**
         * Does it once.
         *
         * @param heartbeat to be beaten by a step that takes long, wherever it gets on
         * @return how long to pause before the next time; {@link #LAST} to end the loop
         * @throws Exception anything; the step is tried again
         */
        Duration run(Heartbeat heartbeat) throws Exception;
    }

    /** By which a long step tells that it gets on. */
    @FunctionalInterface
    public interface Heartbeat {

        /** Tells that the step lives. */
        void beat();
    }

    /** Ends the loop. */
    public static final Duration LAST = Duration.ofSeconds(-1);
    /** A step that has not been heard of for so long hangs: every remote call ends sooner. */
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    /** A class path does not mend itself, and each try of a poll counts against the messages that it receives. */
    private static final Duration AFTER_LINKAGE_ERROR = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final String name;
    private final Step step;
    private final int growsUntil;
    private final Environment environment;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Thread thread;
    private volatile @Nullable Instant lastBeat;
    private volatile long heardFromUntil;
    private volatile boolean wasStarted;
    private volatile boolean hasEnded;
    private volatile int failures;
    private volatile int restarts;
    /**
     * How many threads have ended unasked since a step last succeeded and its pause passed; by one thread at a time.
     */
    private volatile int endsInARow;

    private volatile @Nullable String lastFailure;

    /**
     * A loop that is not started yet.
     *
     * @param name what it does
     * @param environment clock, time, threads and dice
     * @param step what is done again and again
     */
    public Loop(String name, Environment environment, Step step) {
        this(name, environment, step, Integer.MAX_VALUE);
    }

    /**
     * A loop that pauses no longer after many failures in a row than after some, so that the end of an outage is
     * noticed soon.
     *
     * @param name what it does
     * @param environment clock, time, threads and dice
     * @param step what is done again and again
     * @param growsUntil after so many failures in a row the pause grows no more
     */
    public Loop(String name, Environment environment, Step step, int growsUntil) {
        this.growsUntil = growsUntil;
        this.name = name;
        this.step = step;
        this.environment = environment;
        this.thread = environment.newThread(name, () -> run(Duration.ZERO));
        this.heardFromUntil = environment.time().nanos() + LONGEST_SILENCE.toNanos();
    }

    /** Starts the thread. */
    public synchronized void start() {
        wasStarted = true;
        thread.start();
    }

    /** Starts another thread if the loop is dead, as when there were no threads to be had. */
    public synchronized void reviveIfDead() {
        if (state() == State.DEAD) {
            replace(Duration.ZERO);
        }
    }

    /** Asks the loop to end after the step under way. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Whether {@link #stop} was called.
     *
     * @return true if so
     */
    public boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** Interrupts the step under way, unless it is that step that asks. */
    public synchronized void interrupt() {
        if (thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /**
     * Waits until the thread has ended.
     *
     * @param limit how long to wait at the most
     * @return whether it has ended, or is the one that asks
     * @throws InterruptedException if the asking thread was interrupted
     */
    public boolean join(Duration limit) throws InterruptedException {
        Thread waitedFor = settledThread();
        if (waitedFor.getState() == Thread.State.NEW || waitedFor == Thread.currentThread()) {
            return true;
        }
        waitedFor.join(Math.max(1, limit.toMillis()));
        return !waitedFor.isAlive();
    }

    /** The loop's thread, once nobody is replacing it: the next one may work before it is the loop's. */
    private synchronized Thread settledThread() {
        return thread;
    }

    /**
     * Whether its thread lives.
     *
     * @return true if so
     */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * How it is doing.
     *
     * @return the status of this moment
     */
    public LoopStatus status() {
        return new LoopStatus(
                name, state(), Optional.ofNullable(lastBeat), failures, Optional.ofNullable(lastFailure), restarts);
    }

    private State state() {
        if (hasEnded || isStopping() || !wasStarted) {
            return thread.isAlive() ? State.WORKING : State.ENDED;
        }
        if (!thread.isAlive()) {
            return State.DEAD;
        }
        if (environment.time().nanos() - heardFromUntil > 0) {
            return State.SILENT;
        }
        return failures > 0 ? State.FAILING : State.WORKING;
    }

    private void run(Duration firstPause) {
        boolean wasInterrupted = false;
        try {
            if (!stopped.await(firstPause.toNanos(), TimeUnit.NANOSECONDS)) {
                runSteps();
            }
        } catch (InterruptedException e) {
            wasInterrupted = true;
            Thread.currentThread().interrupt();
        } finally {
            replaceMyself(wasInterrupted);
        }
    }

    private synchronized void replaceMyself(boolean wasInterrupted) {
        if (!hasEnded && !isStopping() && thread == Thread.currentThread()) {
            int ends = endsInARow + 1;
            endsInARow = ends;
            replace(wasInterrupted && ends == 1 ? Duration.ZERO : pauseAfterEnd(ends));
        }
    }

    private Duration pauseAfterEnd(int ends) {
        int inARow = failures + 1;
        failures = inARow;
        lastFailure = "its thread ended unasked " + ends + " times in a row (expected: nobody interrupts it)";
        return Backoff.pause(Math.min(ends, growsUntil), environment.random());
    }

    private void runSteps() throws InterruptedException {
        Duration pause = Duration.ZERO;
        boolean hasSucceeded = false;
        while (!pause.equals(LAST)) {
            beat(pause);
            if (stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            endsInARow = hasSucceeded ? 0 : endsInARow;
            beat(Duration.ZERO);
            pause = runStep();
            hasSucceeded = failures == 0;
        }
        hasEnded = true;
    }

    /** Tells that the loop gets on, and will be heard of again after a pause. */
    private void beat(Duration pause) {
        lastBeat = environment.clock().instant();
        heardFromUntil =
                environment.time().nanos() + pause.plus(LONGEST_SILENCE).toNanos();
    }

    /** A thread that a host interrupts, or that runs out of memory in the wrong place, is not the end of the loop. */
    private synchronized void replace(Duration firstPause) {
        LOG.warn("{}: its thread ended unasked, goes on with another", name);
        int soOften = restarts + 1;
        restarts = soOften;
        Thread made = environment.newThread(name, () -> run(firstPause));
        made.start(); // before it is the loop's, so that nobody takes it for dead
        thread = made;
    }

    @SuppressWarnings("IllegalCatch") // whatever a step throws, the loop goes on, and the status tells
    private Duration runStep() throws InterruptedException {
        try {
            Duration pause = step.run(() -> beat(Duration.ZERO));
            if (failures > 0) {
                LOG.info("{}: works again after {} failures", name, failures);
                failures = 0;
            }
            return pause;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            return pauseAfter(e);
        }
    }

    private Duration pauseAfter(Throwable failure) {
        int inARow = failures + 1;
        failures = inARow;
        lastFailure = FailureText.of(failure);
        Duration pause = failure instanceof LinkageError
                ? AFTER_LINKAGE_ERROR
                : Backoff.pause(Math.min(inARow, growsUntil), environment.random());
        if (!isStopping()) {
            LOG.warn("{}: failure {} in a row, again in {} ms: {}", name, inARow, pause.toMillis(), lastFailure);
            LOG.debug("{}: the failure in full", name, failure);
        }
        return pause;
    }
}
