package io.clusterstate;

import io.clusterstate.Recipient.Dispatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A telling that is given to an executor, and waited for. What has not begun can be withdrawn, and then never begins;
 * what has begun is waited for to its end.
 */
final class Handover implements Runnable {

    private enum State {
        WAITING,
        RUNNING,
        DONE,
        WITHDRAWN
    }

    private final Dispatch telling;
    private final CountDownLatch settled = new CountDownLatch(1);
    private State state = State.WAITING;
    private @Nullable Thread runner;
    private @Nullable Duration pause;
    private @Nullable Throwable failure;

    Handover(Dispatch telling) {
        this.telling = telling;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // who waits for it is told
    public void run() {
        if (!begin()) {
            return;
        }
        try {
            pause = telling.run();
        } catch (Throwable e) {
            failure = e;
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (state != State.WAITING) {
            return false;
        }
        state = State.RUNNING;
        runner = Thread.currentThread();
        return true;
    }

    private synchronized void end() {
        state = State.DONE;
        runner = null;
        settled.countDown();
    }

    /** Sees to it that it never begins, if it has not. */
    synchronized void withdraw() {
        if (state == State.WAITING) {
            state = State.WITHDRAWN;
            settled.countDown();
        }
    }

    synchronized boolean isRunBy(Thread thread) {
        return runner == thread;
    }

    /** Interrupts it while it runs; returns whether it does. */
    synchronized boolean interrupt() {
        if (runner != null) {
            runner.interrupt();
        }
        return state == State.RUNNING;
    }

    /**
     * Waits until it is done or withdrawn. An interrupt of the thread that waits changes nothing: whoever wants an end
     * withdraws it, or interrupts the thread that runs it.
     */
    void await() {
        boolean isSettled = false;
        while (!isSettled) {
            try {
                settled.await();
                isSettled = true;
            } catch (InterruptedException e) {
                isSettled = settled.getCount() == 0;
            }
        }
    }

    /** The pause that the telling asked for; null if all is told, or it was withdrawn. */
    @Nullable Duration pause() throws Exception {
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (Exception) thrown;
        }
        return pause;
    }
}
