package io.clusterstate.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * How a task is started.
 *
 * @param blueprint what it is a task of
 * @param group its group, {@code service:NAME} or {@code family:NAME} or the caller's own
 * @param startedBy the deployment's id or the caller's own mark; null for none
 * @param rollout the deployment that it belongs to; null for a task on its own
 * @param berth the place on a host; null on Fargate
 * @param overrides the caller's container overrides
 * @param tags its tags
 * @param takesCommands whether each container runs the agent through which commands are executed in it
 */
record Start(
        Blueprint blueprint,
        String group,
        @Nullable String startedBy,
        @Nullable Rollout rollout,
        LiveTask.@Nullable Berth berth,
        List<ContainerOverride> overrides,
        List<Tag> tags,
        boolean takesCommands) {

    Start {
        overrides = List.copyOf(overrides);
        tags = List.copyOf(tags);
    }

    static Start alone(Blueprint blueprint, @Nullable String startedBy, LiveTask.@Nullable Berth berth) {
        return new Start(
                blueprint, "family:" + blueprint.family(), startedBy, null, berth, List.of(), List.of(), false);
    }

    static Start of(Rollout rollout, LiveTask.@Nullable Berth berth) {
        var service = rollout.service();
        return new Start(
                rollout.blueprint(),
                "service:" + service.name(),
                rollout.id(),
                rollout,
                berth,
                List.of(),
                service.taskTags(),
                service.takesCommands());
    }

    Ladder ladder() {
        return Ladder.of(blueprint, rollout != null && rollout.service().isBalanced());
    }
}
