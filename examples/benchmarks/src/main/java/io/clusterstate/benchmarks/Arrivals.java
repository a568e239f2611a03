package io.clusterstate.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The times from the end of sending until arrival. A message that arrives before the call that sends it has returned
 * took no time. Thread: safe for any thread.
 */
final class Arrivals {

    private final Map<String, Long> sent = new HashMap<>();
    private final Map<String, Long> arrived = new HashMap<>();
    private final Times times;
    private final CountDownLatch left;

    Arrivals(int count) {
        times = new Times(count);
        left = new CountDownLatch(count);
    }

    /** Notes that the queue has messages with these keys. */
    synchronized void sent(List<String> keys) {
        long now = System.nanoTime();
        for (String key : keys) {
            if (arrived.containsKey(key)) {
                add(0);
            } else {
                sent.put(key, now);
            }
        }
    }

    /** Notes an arrival; only the first of a key counts. */
    synchronized void arrived(String key) {
        long now = System.nanoTime();
        if (arrived.putIfAbsent(key, now) == null) {
            Long begun = sent.get(key);
            if (begun != null) {
                add(now - begun);
            }
        }
    }

    private void add(long nanos) {
        times.add(nanos);
        left.countDown();
    }

    /** Waits for all arrivals. */
    Times times() {
        Waiting.until(left);
        return times;
    }
}
