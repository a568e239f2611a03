package io.clusterstate.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.ServiceCurrentRevisionSummary;

/** A deployment in the list of a service: a revision, and its tasks that should run. */
final class Rollout {
    private final LiveService service;
    private final String id;
    private final TaskTemplate template;
    private final Instant createdAt;
    private final Set<LiveTask> tasks = new LinkedHashSet<>();
    private final TaskCounts taskCounts = new TaskCounts();
    private DeploymentRolloutState state = DeploymentRolloutState.IN_PROGRESS;
    private String reason;
    private @Nullable Rollout former;
    private Instant updatedAt;
    private boolean hasRun;
    private int failures;
    private int startFailures;

    Rollout(LiveService service, String id, TaskTemplate template, Instant createdAt) {
        this.service = service;
        this.id = id;
        this.template = template;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.reason = "ECS deployment " + id + " in progress.";
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

    Instant createdAt() {
        return createdAt;
    }

    /** The tasks that should run, oldest first. */
    Set<LiveTask> tasks() {
        return tasks;
    }

    TaskCounts taskCounts() {
        return taskCounts;
    }

    boolean isInProgress() {
        return state == DeploymentRolloutState.IN_PROGRESS;
    }

    boolean isFailed() {
        return state == DeploymentRolloutState.FAILED;
    }

    String reason() {
        return reason;
    }

    void complete(Instant now) {
        become(DeploymentRolloutState.COMPLETED, "ECS deployment " + id + " completed.", now);
    }

    /** Ends the start of further tasks. */
    void fail(String why, Instant now) {
        become(DeploymentRolloutState.FAILED, why, now);
    }

    /** Makes it the return to the revision of a former deployment. */
    void returnTo(Rollout stable, String why) {
        former = stable;
        reason = why;
    }

    private void become(DeploymentRolloutState next, String why, Instant now) {
        state = next;
        reason = why;
        updatedAt = now;
    }

    void countFailure() {
        failures++;
    }

    /** Takes note of a task that stopped before it ran. */
    void countStartFailure() {
        failures++;
        startFailures += hasRun ? 0 : 1;
    }

    /** Takes note of a task that came to run. From then on failures to start do not count. */
    void countRun() {
        hasRun = true;
    }

    /** The tasks that failed to start before any ran. */
    int startFailures() {
        return startFailures;
    }

    /** The ARN of the service's revision; that of the former deployment on the way back to it. */
    String revisionArn() {
        return former == null ? arn("service-revision", Arns.lastSegment(id)) : former.revisionArn();
    }

    /** The ARN of the service deployment that begins with this deployment. */
    String deploymentArn() {
        var number = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.US_ASCII));
        return arn("service-deployment", number.toString().replace("-", "").substring(0, 21));
    }

    private String arn(String kind, String name) {
        var place = Arns.placeOf(service.cluster().arn());
        return place.of(kind + "/" + service.cluster().name() + "/" + service.name() + "/" + name);
    }

    ServiceCurrentRevisionSummary summary(int requested) {
        return ServiceCurrentRevisionSummary.builder()
                .arn(revisionArn())
                .requestedTaskCount(requested)
                .runningTaskCount(taskCounts.running())
                .pendingTaskCount(taskCounts.pending())
                .build();
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
                .rolloutState(state)
                .rolloutStateReason(reason);
        if (service.onFargate()) {
            deployment.platformVersion("1.4.0").platformFamily("Linux");
        }
        return deployment.build();
    }
}
