package io.clusterstate.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for the end of a phase; a benchmark that hangs fails. */
final class Waiting {

    private static final int SECONDS = 60;

    private Waiting() {}

    static void until(Thread end) {
        try {
            end.join(TimeUnit.SECONDS.toMillis(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void until(CountDownLatch done) {
        try {
            if (!done.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("left: " + done.getCount() + " (expected: 0 within " + SECONDS + " s)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
