package io.clusterstate.examples.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The results of all checks: how often each law held, and each time that one did not.
 *
 * <p>Thread: safe for any thread.
 */
final class Findings {

    /** More of them say nothing new. */
    private static final int MOST_KEPT = 20;

    private final Map<String, LongAdder> checks = new ConcurrentHashMap<>();
    private final List<Violation> violations = new CopyOnWriteArrayList<>();
    private final CountDownLatch broken = new CountDownLatch(1);

    /**
     * A law that was broken.
     *
     * @param law the name of the law
     * @param where the view or process
     * @param evidence ARNs, versions and times
     * @param at the time of the check
     */
    record Violation(String law, String where, String evidence, Instant at) {

        @Override
        public String toString() {
            return law + " is broken in " + where + " at " + at + ": " + evidence;
        }
    }

    /** Counts a number of checks in which a law held. */
    void held(String law, long times) {
        checks.computeIfAbsent(law, name -> new LongAdder()).add(times);
    }

    /** Notes that a law did not hold. */
    void broken(String law, String where, String evidence) {
        if (violations.size() < MOST_KEPT) {
            violations.add(new Violation(law, where, evidence, Instant.now()));
        }
        broken.countDown();
    }

    /** Waits until a law is broken; false if none is by then. */
    boolean awaitViolation(Duration limit) throws InterruptedException {
        return broken.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<Violation> violations() {
        return violations;
    }

    /** The number of checks by law. */
    Map<String, Long> checks() {
        Map<String, Long> sums = new TreeMap<>();
        checks.forEach((law, count) -> sums.put(law, count.sum()));
        return sums;
    }
}
