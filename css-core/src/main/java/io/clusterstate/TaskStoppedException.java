package io.clusterstate;

import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A task stopped that was to run. The message has its stop code, the reason of the stop, and each container's exit code
 * or reason; {@link #task()} has the rest.
 */
public final class TaskStoppedException extends WaitFailedException {

    private static final long serialVersionUID = 1L;

    private final Task task;

    TaskStoppedException(Task task) {
        super(task.taskArn(), message(task), null);
        this.task = task;
    }

    /**
     * The stopped task.
     *
     * @return the task as ECS reported its end, with {@code stopCode}, {@code stoppedReason} and containers
     */
    public Task task() {
        return task;
    }

    private static String message(Task task) {
        String exits =
                task.containers().stream().map(TaskStoppedException::exitOf).collect(Collectors.joining(", "));
        return task.taskArn() + ": " + task.lastStatus() + " (expected: RUNNING); stop code " + task.stopCodeAsString()
                + ", reason: " + task.stoppedReason() + "; containers: " + exits;
    }

    private static String exitOf(Container container) {
        String code = container.exitCode() == null ? "no exit code" : "exit code " + container.exitCode();
        return container.name() + ": " + code + (container.reason() == null ? "" : ", " + container.reason());
    }
}
