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
 * A thread that repeats a step. A step that fails is retried after a {@link Backoff}, with a log line each time.
 *
 * <p>A thread that ends unexpectedly is replaced, and no other class of the library needs to handle that. The first
 * interrupt causes no pause; if threads keep ending, each replacement pauses longer.
 */
public final class Loop {

    /** The repeated work. */
    @FunctionalInterface
    public interface Step {

        /**
         * Runs the step once.
         *
         * @param heartbeat the heartbeat, for a long step to beat as it advances
         * @return the pause before the next run; {@link #LAST} to end the loop
         * @throws Exception any failure; the loop retries the step
         */
        Duration run(Heartbeat heartbeat) throws Exception;
    }

    /** The sign of life of a long step. */
    @FunctionalInterface
    public interface Heartbeat {

        /** Reports that the step advances. */
        void beat();

        /**
         * Reports that the step advances, and that it now waits on purpose: this wait does not count as silence.
         *
         * @param wait the longest time that the wait takes
         */
        default void beat(Duration wait) {
            beat();
        }
    }

    /** The result of a step that ends the loop. */
    public static final Duration LAST = Duration.ofSeconds(-1);
    /**
     * The silence after which a step counts as hanging. A wait or a remote call of a length that the host sets may take
     * longer: a step allows for it by {@link Heartbeat#beat(Duration)}.
     */
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    /**
     * The pause after a linkage error: a class path does not mend itself, and each poll uses up receipts of its
     * messages.
     */
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
     * The number of threads that ended unexpectedly since a step last succeeded and its pause passed. Written by one
     * thread at a time.
     */
    private volatile int endsInARow;

    private volatile @Nullable String lastFailure;

    private final Heartbeat heartbeat = new Heartbeat() {

        @Override
        public void beat() {
            beat(Duration.ZERO);
        }

        @Override
        public void beat(Duration wait) {
            hear(wait);
        }
    };

    /**
     * Creates a loop that is not started yet.
     *
     * @param name the purpose of the loop
     * @param environment clock, time, threads and randomness
     * @param step the repeated work
     */
    public Loop(String name, Environment environment, Step step) {
        this(name, environment, step, Integer.MAX_VALUE);
    }

    /**
     * Creates a loop whose pause stops growing after some consecutive failures, so that it notices the end of an outage
     * soon.
     *
     * @param name the purpose of the loop
     * @param environment clock, time, threads and randomness
     * @param step the repeated work
     * @param growsUntil the number of consecutive failures after which the pause no longer grows
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

    /** Starts another thread if the loop is dead, for instance because no thread could be created earlier. */
    public synchronized void reviveIfDead() {
        if (state() == State.DEAD) {
            replace(Duration.ZERO);
        }
    }

    /** Requests that the loop ends after the present step. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Whether {@link #stop} was called.
     *
     * @return whether the loop is to end
     */
    public boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** Interrupts the present step, unless the step itself calls this. */
    public synchronized void interrupt() {
        if (thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /**
     * Waits until the thread has ended.
     *
     * @param limit the longest wait
     * @return whether it has ended; also true if the loop's own thread calls this
     * @throws InterruptedException if the calling thread was interrupted
     */
    public boolean join(Duration limit) throws InterruptedException {
        Thread waitedFor = loopThread();
        if (waitedFor.getState() == Thread.State.NEW || waitedFor == Thread.currentThread()) {
            return true;
        }
        waitedFor.join(Math.max(1, limit.toMillis()));
        return !waitedFor.isAlive();
    }

    /** The loop's thread, read while no replacement is under way: a replacement may run before it is assigned. */
    private synchronized Thread loopThread() {
        return thread;
    }

    /**
     * Whether the thread is alive.
     *
     * @return whether it is alive
     */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * The health of the loop.
     *
     * @return the status at this moment
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
        lastFailure = "thread: ended unexpectedly " + ends + " times in a row (expected: no interrupt from outside)";
        return Backoff.pause(Math.min(ends, growsUntil), environment.random());
    }

    private void runSteps() throws InterruptedException {
        Duration pause = Duration.ZERO;
        boolean hasSucceeded = false;
        while (!pause.equals(LAST)) {
            hear(pause);
            if (stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            endsInARow = hasSucceeded ? 0 : endsInARow;
            hear(Duration.ZERO);
            pause = runStep();
            hasSucceeded = failures == 0;
        }
        hasEnded = true;
    }

    /** Notes a sign of life, and allows for silence during a pause. */
    private void hear(Duration pause) {
        lastBeat = environment.clock().instant();
        heardFromUntil =
                environment.time().nanos() + pause.plus(LONGEST_SILENCE).toNanos();
    }

    /** Replaces the thread after an interrupt by the host, or an error such as a lack of memory outside a step. */
    private synchronized void replace(Duration firstPause) {
        LOG.warn("{}: the thread ended unexpectedly; another thread continues", name);
        int count = restarts + 1;
        restarts = count;
        Thread made = environment.newThread(name, () -> run(firstPause));
        made.start(); // before the assignment, so that the loop never looks dead
        thread = made;
    }

    @SuppressWarnings("IllegalCatch") // the loop survives whatever a step throws, and the status shows it
    private Duration runStep() throws InterruptedException {
        try {
            Duration pause = step.run(heartbeat);
            if (failures > 0) {
                LOG.info("{}: recovered after {} failures", name, failures);
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
            LOG.warn("{}: failure {} in a row, next attempt in {} ms: {}", name, inARow, pause.toMillis(), lastFailure);
            LOG.debug("{}: stack trace of the failure", name, failure);
        }
        return pause;
    }
}
