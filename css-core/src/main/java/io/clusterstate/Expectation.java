package io.clusterstate;

import java.time.Instant;

/**
 * An action of this process that the view does not show yet.
 *
 * @param type the kind of action
 * @param about the ARN of the task, or of the instance with a reservation; for a lost answer without a reservation, the
 *     {@code startedBy}
 * @param since the time at which it was noted, by the clock of this process
 */
public record Expectation(Type type, String about, Instant since) {

    /** The kinds of action. */
    public enum Type {
        /** ECS answered that it starts the task. */
        LAUNCHED,
        /** ECS accepted to stop the task. */
        STOPPING,
        /** Room is reserved, and the call has no answer yet. */
        RESERVED,
        /** The answer of a call was lost. */
        UNKNOWN
    }
}
