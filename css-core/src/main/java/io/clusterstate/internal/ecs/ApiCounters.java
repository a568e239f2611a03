package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.Counts;
import java.util.Map;

/**
 * Counts calls of the ECS API by operation.
 *
 * <p>Thread: safe for any thread.
 */
public final class ApiCounters {

    private final Counts<String> calls = new Counts<>();
    private final Counts<String> throttled = new Counts<>();

    /** Creates counters at zero. */
    public ApiCounters() {}

    void called(String operation) {
        calls.add(operation, 1);
    }

    void throttled(String operation) {
        throttled.add(operation, 1);
    }

    /**
     * The number of calls so far.
     *
     * @return the number by operation, such as {@code DescribeTasks}; each attempt counts
     */
    public Map<String, Long> calls() {
        return calls.sums();
    }

    /**
     * The number of calls that ECS throttled.
     *
     * @return the number by operation
     */
    public Map<String, Long> throttled() {
        return throttled.sums();
    }

    /**
     * The number of calls of all operations.
     *
     * @return the number
     */
    public long allCalls() {
        return calls.total();
    }

    /**
     * The number of throttled calls of all operations.
     *
     * @return the number
     */
    public long allThrottled() {
        return throttled.total();
    }
}
