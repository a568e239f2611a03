package io.clusterstate;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The end of a service's rollout.
 *
 * <p>Thread: immutable.
 *
 * @param outcome the outcome
 * @param reason ECS's words for it; empty if ECS gave none
 * @param service the service at the end
 * @param stopped the deployment's tasks that have stopped or are stopping, as far as the view holds them, with their
 *     reasons and exit codes
 */
public record Rollout(Outcome outcome, String reason, Service service, List<Task> stopped) {

    /** The outcome of a rollout. */
    public enum Outcome {
        /** The deployment has reached its steady state. */
        COMPLETED,
        /** The deployment failed, and ECS rolled nothing back. */
        FAILED,
        /** The deployment failed or was cancelled, and the service runs an earlier one again. */
        ROLLED_BACK,
        /** A later deployment has taken its place before its end. */
        REPLACED
    }

    /**
     * Whether the deployment has reached its steady state.
     *
     * @return whether the outcome is {@link Outcome#COMPLETED}
     */
    public boolean isCompleted() {
        return outcome == Outcome.COMPLETED;
    }

    @Override
    public String toString() {
        return service.serviceName() + ": " + outcome + " (" + reason + "), " + stopped.size() + " stopped tasks";
    }
}
