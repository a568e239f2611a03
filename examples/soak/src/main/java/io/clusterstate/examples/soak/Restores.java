package io.clusterstate.examples.soak;

import java.time.Duration;

/** The restores of etcd. For some time after one, the views of that etcd may go back to the backup, once. */
final class Restores {

    private static final Duration SHOWS_WITHIN = Duration.ofSeconds(20);

    private boolean isUnderWay;
    private long lastEnd = System.nanoTime() - SHOWS_WITHIN.toNanos();

    synchronized void begin() {
        isUnderWay = true;
    }

    synchronized void end() {
        isUnderWay = false;
        lastEnd = System.nanoTime();
    }

    /** Whether views may go back. */
    synchronized boolean mayGoBack() {
        return isUnderWay || System.nanoTime() - lastEnd < SHOWS_WITHIN.toNanos();
    }
}
