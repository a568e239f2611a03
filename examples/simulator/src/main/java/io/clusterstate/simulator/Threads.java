package io.clusterstate.simulator;

import java.time.Duration;

/** Waits for threads to end. */
final class Threads {
    private Threads() {}

    /** Waits until the thread has ended or the limit has passed. An interrupt ends the wait and is restored. */
    static void join(Thread thread, Duration limit) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
