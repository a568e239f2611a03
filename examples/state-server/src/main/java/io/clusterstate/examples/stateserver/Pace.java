package io.clusterstate.examples.stateserver;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The pace of a stream: the first message after a pause leaves at once, those that follow it within the interval leave
 * together at its end.
 *
 * <p>Thread: safe for any thread. The timer's thread never blocks on it.
 */
final class Pace {

    private final ScheduledExecutorService timer;
    private final long interval;
    private long sentAt;
    private boolean isWaiting;

    Pace(ScheduledExecutorService timer, Duration interval) {
        this.timer = timer;
        this.interval = interval.toNanos();
        this.sentAt = System.nanoTime() - this.interval;
    }

    /** Whether messages leave now. If not, {@code send} runs once the interval is over. */
    synchronized boolean isDue(Runnable send) {
        if (isWaiting) {
            return false;
        }
        long left = sentAt + interval - System.nanoTime();
        if (left <= 0) {
            sentAt = System.nanoTime();
            return true;
        }
        try {
            Future<?> unused = timer.schedule(() -> sendNow(send), left, TimeUnit.NANOSECONDS);
            isWaiting = true;
            return false;
        } catch (RejectedExecutionException e) { // the server stops
            return true;
        }
    }

    /** Whether messages wait for the end of the interval, and not for the client. */
    synchronized boolean isWaiting() {
        return isWaiting;
    }

    private void sendNow(Runnable send) {
        synchronized (this) {
            isWaiting = false;
            sentAt = System.nanoTime();
        }
        send.run();
    }
}
