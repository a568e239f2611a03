package io.clusterstate;

import java.time.Instant;
import java.util.Optional;

/**
 * How one of a mirror's loops is doing, as told by its thread and its last heartbeat.
 *
 * @param name what the loop does
 * @param state how it is doing at this moment
 * @param lastBeat when it last began, went on with or ended a step; empty if it never ran
 * @param failuresInARow how many of its last steps failed; 0 after a step that did not
 * @param lastFailure what the last failure said; empty if none of its steps ever failed
 * @param restarts how often its thread had ended unasked and was replaced
 */
public record LoopStatus(
        String name,
        State state,
        Optional<Instant> lastBeat,
        int failuresInARow,
        Optional<String> lastFailure,
        int restarts) {

    /** What a loop's thread and heartbeat say of it. */
    public enum State {
        /** It works, or pauses as it should. */
        WORKING,
        /** Its last step failed; it will try again. */
        FAILING,
        /** Its thread lives, but has not been heard of for longer than a step may take. */
        SILENT,
        /** Its thread has ended unasked and could not be replaced. */
        DEAD,
        /** It has ended as it should. */
        ENDED
    }
}
