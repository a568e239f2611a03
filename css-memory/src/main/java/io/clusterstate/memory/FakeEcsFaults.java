package io.clusterstate.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The faults that a test plans for calls of a fake ECS. Each applies to one call, in the order of planning.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsFaults {

    /** The fate of a call. */
    sealed interface Fault {}

    record Refusal(String reason) implements Fault {}

    record Failing(RuntimeException failure) implements Fault {}

    record LostCall() implements Fault {}

    record LostAnswer() implements Fault {}

    private final Map<String, Deque<Fault>> planned = new HashMap<>();
    private final Set<String> operations;
    private @Nullable String refusal;

    /**
     * Faults of the named operations.
     *
     * @param operations the names of the operations that a fault can be planned for
     */
    FakeEcsFaults(Set<String> operations) {
        this.operations = operations;
    }

    void plan(String operation, Fault fault) {
        if (!operations.contains(operation)) {
            throw new IllegalArgumentException("operation: " + operation + " (expected: one of " + operations + ")");
        }
        planned.computeIfAbsent(operation, name -> new ArrayDeque<>()).add(fault);
    }

    /** Takes the next fault of an operation, and makes its refusal the present one. */
    Optional<Fault> begin(String operation) {
        Deque<Fault> ahead = planned.get(operation);
        Optional<Fault> fault = Optional.ofNullable(ahead == null ? null : ahead.poll());
        refusal = fault.orElse(null) instanceof Refusal refused ? refused.reason() : null;
        return fault;
    }

    void end() {
        refusal = null;
    }

    /** The reason with which the present call refuses every entity that it is about. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }
}
