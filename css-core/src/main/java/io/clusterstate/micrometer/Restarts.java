package io.clusterstate.micrometer;

import io.clusterstate.LoopStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often loops were restarted, those included that have left the status since: a sum over the status alone would go
 * back when a poller ends, and a monitoring system would take that for a restart of the process.
 *
 * <p>Thread: safe for any thread.
 */
final class Restarts {

    /** By loop, of which each has a name of its own; only loops that were restarted at all. */
    private final Map<String, Integer> seen = new HashMap<>();

    synchronized void see(List<LoopStatus> loops) {
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
