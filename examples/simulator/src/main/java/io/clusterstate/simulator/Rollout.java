package io.clusterstate.simulator;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/** A deployment of a service: a revision, and its tasks that should run. */
final class Rollout {
    private final LiveService service;
    private final String id;
    private final TaskTemplate template;
    private final Instant createdAt;
    private final Set<LiveTask> tasks = new LinkedHashSet<>();
    private final TaskCounts taskCounts = new TaskCounts();
    private Instant updatedAt;
    private boolean isCompleted;
    private int failures;

    Rollout(LiveService service, String id, TaskTemplate template, Instant createdAt) {
        this.service = service;
        this.id = id;
        this.template = template;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    LiveService service() {
        return service;
    }

    String id() {
        return id;
    }

    TaskTemplate template() {
        return template;
    }

    /** The tasks that should run, oldest first. */
    Set<LiveTask> tasks() {
        return tasks;
    }

    TaskCounts taskCounts() {
        return taskCounts;
    }

    boolean isCompleted() {
        return isCompleted;
    }

    void complete(Instant now) {
        isCompleted = true;
        updatedAt = now;
    }

    void countFailure() {
        failures++;
    }

    /** The deployment as DescribeServices shows it. */
    Deployment view(boolean isPrimary, int desiredCount) {
        var deployment = Deployment.builder()
                .id(id)
                .status(isPrimary ? "PRIMARY" : "ACTIVE")
                .taskDefinition(template.arn())
                .desiredCount(isPrimary ? desiredCount : 0)
                .pendingCount(taskCounts.pending())
                .runningCount(taskCounts.running())
                .failedTasks(failures)
                .createdAt(createdAt)
                .updatedAt(updatedAt)
                .launchType(service.launchType())
                .capacityProviderStrategy(service.strategy().isEmpty() ? null : service.strategy())
                .rolloutState(isCompleted ? DeploymentRolloutState.COMPLETED : DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment " + id + (isCompleted ? " completed." : " in progress."));
        if (service.onFargate()) {
            deployment.platformVersion("1.4.0").platformFamily("Linux");
        }
        return deployment.build();
    }
}
