package io.clusterstate;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The last known statuses of a task, in the order in which a task passes through them. A task may skip some, and never
 * goes back. Source: the ECS developer guide, "Amazon ECS task lifecycle".
 */
public enum TaskStatus {

    /** ECS prepares what the task needs before its launch, such as a network interface. */
    PROVISIONING,

    /** ECS waits for the container agent, or for free resources. */
    PENDING,

    /** ECS takes further steps after the launch, such as the registration of targets. */
    ACTIVATING,

    /** The task runs. */
    RUNNING,

    /** ECS takes steps before the stop, such as the deregistration of targets. */
    DEACTIVATING,

    /** ECS waits for the container agent to stop the containers. */
    STOPPING,

    /** ECS takes back what the task had, such as a network interface. */
    DEPROVISIONING,

    /** The task has stopped. */
    STOPPED,

    /** The task has stopped, and ECS is about to forget it. */
    DELETED;

    /**
     * The last known status of a task.
     *
     * @param task any task
     * @return the status; empty if the task has none, or one that a later ECS has introduced
     */
    public static Optional<TaskStatus> of(Task task) {
        for (TaskStatus each : values()) {
            if (each.name().equals(task.lastStatus())) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether this status ends a task: {@link #STOPPED} and {@link #DELETED}.
     *
     * @return whether a task with this status is over
     */
    public boolean isEnd() {
        return compareTo(STOPPED) >= 0;
    }
}
