package io.clusterstate;

import java.time.Instant;
import java.util.Optional;

/**
 * The health of one of a mirror's loops, derived from its thread and its last heartbeat.
 *
 * @param name the task of the loop
 * @param state the health at the moment of the call
 * @param lastBeat the time at which a step last began, advanced or ended; empty if the loop never ran
 * @param failuresInARow the number of steps that failed since the last success
 * @param lastFailure the text of the last failure; empty if no step ever failed
 * @param restarts the number of times that the thread ended unexpectedly and was replaced
 */
public record LoopStatus(
        String name,
        State state,
        Optional<Instant> lastBeat,
        int failuresInARow,
        Optional<String> lastFailure,
        int restarts) {

    /** The health of a loop. */
    public enum State {
        /** The loop works, or pauses as intended. */
        WORKING,
        /** The last step failed; the loop will retry. */
        FAILING,
        /** The thread is alive, but its last heartbeat is older than a step may take. */
        SILENT,
        /** The thread ended unexpectedly and could not be replaced. */
        DEAD,
        /** The loop ended as intended. */
        ENDED
    }
}
