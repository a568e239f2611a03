package io.clusterstate.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step in the history of an entity.
 *
 * @param at the time: ECS's own where ECS reports one, else the time at which this process learned of the step
 * @param what the kind of step
 * @param text the step in words, such as {@code RUNNING → STOPPED}
 * @param reason the reason in ECS's words; null if ECS gave none
 * @param revision the store's counter at the change; 0 for a step that is no change of the view
 */
public record HistoryStep(Instant at, What what, String text, @Nullable String reason, long revision) {

    /** The kinds of steps. */
    public enum What {
        /** The view began to show the entity, or ECS created it. */
        ADDED,
        /** The status changed. */
        STATUS,
        /** Another value changed, such as a desired count or a health status. */
        CHANGE,
        /** An event of ECS about a service reached this process. */
        NOTICE,
        /** A message in the service itself. */
        EVENT,
        /** The view no longer shows the entity. */
        REMOVED
    }
}
