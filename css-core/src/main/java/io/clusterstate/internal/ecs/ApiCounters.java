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

    /** Counters at zero. */
    public ApiCounters() {}

    void called(String operation) {
        calls.add(operation, 1);
    }

    void throttled(String operation) {
        throttled.add(operation, 1);
    }

    /**
     * The calls so far.
     *
     * @return by operation, such as {@code DescribeTasks}; a repeated attempt counts again
     */
    public Map<String, Long> calls() {
        return calls.sums();
    }

    /**
     * The calls that ECS throttled.
     *
     * @return by operation
     */
    public Map<String, Long> throttled() {
        return throttled.sums();
    }

    /**
     * The calls of all operations.
     *
     * @return their number
     */
    public long allCalls() {
        return calls.total();
    }

    /**
     * The calls of all operations that ECS throttled.
     *
     * @return their number
     */
    public long allThrottled() {
        return throttled.total();
    }
}
