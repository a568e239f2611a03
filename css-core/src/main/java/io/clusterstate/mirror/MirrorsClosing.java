package io.clusterstate.mirror;

import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes many mirrors at the same time, each on a thread of its own. Each may wait for a poll that cannot be ended, and
 * a place that hangs must not use up the time of the others.
 *
 * @param mirrors the mirrors by place
 * @param clients the clients to close, each after the mirror of its place
 * @param threads makes the threads
 */
record MirrorsClosing(Map<String, ClusterMirror> mirrors, Map<String, AutoCloseable> clients, ThreadFactory threads) {

    /** The time beyond the limit of a mirror for its event source, its store and its client to close. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    /** Closes all. If the calling thread is one of a mirror, it closes that mirror itself, which then spares it. */
    void end() {
        long deadline = System.nanoTime() + limit().plus(MARGIN).toNanos();
        Map<String, Thread> closers = new LinkedHashMap<>();
        String own = PlaceThreads.current();
        mirrors.keySet().stream().filter(place -> !place.equals(own)).forEach(place -> start(place, closers));
        if (own != null && mirrors.containsKey(own)) {
            end(own);
        }
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down may interrupt; closing continues
        for (Map.Entry<String, Thread> each : closers.entrySet()) {
            wasInterrupted |= join(each.getKey(), each.getValue(), deadline);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration limit() {
        return mirrors.values().stream()
                .map(ClusterMirror::closeLimit)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private void start(String place, Map<String, Thread> closers) {
        try {
            Thread closer = threads.newThread(() -> end(place));
            closer.setName("css-" + place + "-close");
            closer.start();
            closers.put(place, closer);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("{}: closed on the calling thread, for lack of another: {}", place, FailureText.of(e));
            end(place);
        }
    }

    private void end(String place) {
        ClusterMirror mirror = mirrors.get(place);
        if (mirror != null) {
            close(place, mirror);
        }
        AutoCloseable client = clients.get(place);
        if (client != null) {
            close(place, client);
        }
    }

    private static void close(String place, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{}: {} was not closed: {}", place, part, FailureText.of(e));
        }
    }

    /** Waits for a thread until a moment of {@link System#nanoTime}; returns whether an interrupt came meanwhile. */
    private static boolean join(String place, Thread closer, long deadline) {
        boolean wasInterrupted = false;
        while (closer.isAlive()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                LOG.warn("{}: close did not end in time; its thread ends with the remote call", place);
                return wasInterrupted;
            }
            try {
                closer.join(left);
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        return wasInterrupted;
    }
}
