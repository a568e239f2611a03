package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The law of a queue in the end: the mirrors settle every message. */
final class EmptyQueue extends Law {

    private static final long EVERY_MILLIS = 100;

    private final Duration limit;

    /** @param limit the longest wait for the last message */
    EmptyQueue(String where, Findings findings, Duration limit) {
        super(where, findings);
        this.limit = limit;
    }

    /**
     * Waits until a queue is empty, to which nothing is sent any more.
     *
     * @param messages counts the messages in the queue, visible or in flight
     */
    void await(IntSupplier messages) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        int left = messages.getAsInt();
        while (left > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            left = messages.getAsInt();
        }
        int last = left;
        require(last == 0, () -> last + " messages are left after " + limit);
    }
}
