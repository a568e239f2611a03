package io.clusterstate.micrometer;

import io.clusterstate.LoopStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The number of loop restarts, including those of loops that have ended since. A sum over the present status would
 * shrink when a poller ends, and a monitoring system would take that for a restart of the process.
 *
 * <p>Thread: safe for any thread.
 */
final class Restarts {

    /** The restarts by the loop's name, which is unique; loops without restarts are absent. */
    private final Map<String, Integer> seen = new HashMap<>();

    synchronized void observe(List<LoopStatus> loops) {
        for (LoopStatus loop : loops) {
            if (loop.restarts() > 0) {
                seen.merge(loop.name(), loop.restarts(), Math::max);
            }
        }
    }

    synchronized long sum() {
        return seen.values().stream().mapToLong(Integer::longValue).sum();
    }
}
