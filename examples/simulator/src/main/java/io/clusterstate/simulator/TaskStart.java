package io.clusterstate.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * The request to start a task.
 *
 * @param template the task's template
 * @param group the task's group: {@code service:NAME}, {@code family:NAME} or the caller's own
 * @param startedBy the deployment's id or the caller's mark; null for none
 * @param rollout the deployment of the task; null for a task without a service
 * @param placement the place on a host; null on Fargate
 * @param provider the name of the capacity provider; null if a launch type decided
 * @param overrides the caller's container overrides
 * @param tags the tags of the task
 * @param takesCommands whether each container runs the agent of ECS Exec
 */
record TaskStart(
        TaskTemplate template,
        String group,
        @Nullable String startedBy,
        @Nullable Rollout rollout,
        LiveTask.@Nullable Placement placement,
        @Nullable String provider,
        List<ContainerOverride> overrides,
        List<Tag> tags,
        boolean takesCommands) {

    TaskStart {
        overrides = List.copyOf(overrides);
        tags = List.copyOf(tags);
    }

    static TaskStart alone(TaskTemplate template, @Nullable String startedBy, LiveTask.@Nullable Placement placement) {
        return new TaskStart(
                template, "family:" + template.family(), startedBy, null, placement, null, List.of(), List.of(), false);
    }

    static TaskStart of(Rollout rollout, LiveTask.@Nullable Placement placement, @Nullable String provider) {
        var service = rollout.service();
        return new TaskStart(
                rollout.template(),
                "service:" + service.name(),
                rollout.id(),
                rollout,
                placement,
                provider,
                List.of(),
                service.taskTags(),
                service.takesCommands());
    }

    StatusPath path() {
        return StatusPath.of(template, rollout != null && rollout.service().isBalanced());
    }
}
