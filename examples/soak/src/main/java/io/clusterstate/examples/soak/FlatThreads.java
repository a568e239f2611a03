package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Promise 11, and no leak: a closed mirror or reader has no thread left, and the number of threads of this process does
 * not grow from window to window.
 */
final class FlatThreads extends Law {

    /** A rolling deployment doubles the threads of a mirror for a while, and each connection of a proxy has two. */
    private static final int NOISE = 60;

    private final Duration endsWithin;
    private int least = Integer.MAX_VALUE;
    private int first = -1;

    /** @param endsWithin the time that the threads of a closed process have to end */
    FlatThreads(Findings findings, Duration endsWithin) {
        super("this process", findings);
        this.endsWithin = endsWithin;
    }

    /** Checks that a closed process leaves no thread. Blocks: until it has none, or its time is over. */
    void closed(String name, TrackedThreads threads) {
        long deadline = System.nanoTime() + endsWithin.toNanos();
        try {
            while (!threads.living().isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        List<String> living = threads.living();
        require(living.isEmpty(), () -> name + " is closed, and has the threads " + living + " (expected: none)");
    }

    /** Notes the present number of threads. */
    synchronized void sample(int threads) {
        least = Math.min(least, threads);
    }

    /** Ends a window: its least number is near that of the first window. */
    synchronized void endWindow() {
        if (least == Integer.MAX_VALUE) {
            return;
        }
        first = first < 0 ? least : first;
        int now = least;
        require(now <= first + NOISE, () -> "threads: " + now + " (expected: about " + first + ", as at first)");
        least = Integer.MAX_VALUE;
    }

    synchronized int atFirst() {
        return first;
    }
}
