package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.Rollback;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionSummary;

/** A service deployment: the change of a service to a revision, with the way back if the revision cannot run. */
final class LiveDeployment {
    /** ECS's words for the state. The SDK's type of them is younger than the oldest SDK that runs this simulator. */
    private static final String PENDING = "PENDING";

    private static final String IN_PROGRESS = "IN_PROGRESS";
    private static final String ROLLBACK_IN_PROGRESS = "ROLLBACK_IN_PROGRESS";
    private static final Set<String> UNDER_WAY = Set.of(PENDING, IN_PROGRESS, ROLLBACK_IN_PROGRESS);

    private final long position;
    private final Rollout target;
    private final List<Rollout> sources;
    private final Instant createdAt;
    private final int threshold;
    private String status = PENDING;
    private Instant updatedAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Instant stoppedAt;
    private @Nullable String statusReason;
    private @Nullable Rollback rollback;

    LiveDeployment(long position, Rollout target, List<Rollout> sources, int threshold) {
        this.position = position;
        this.target = target;
        this.sources = List.copyOf(sources);
        this.createdAt = target.createdAt();
        this.updatedAt = createdAt;
        this.threshold = threshold;
    }

    /** A deployment that was completed when the world began. */
    static LiveDeployment found(long position, Rollout target) {
        var deployment = new LiveDeployment(position, target, List.of(), 0);
        deployment.begin(target.createdAt());
        deployment.complete(target.createdAt());
        return deployment;
    }

    long position() {
        return position;
    }

    String arn() {
        return target.deploymentArn();
    }

    Instant createdAt() {
        return createdAt;
    }

    String status() {
        return status;
    }

    /** Whether it is neither completed, rolled back nor stopped. */
    boolean isUnderWay() {
        return UNDER_WAY.contains(status);
    }

    boolean isRollingBack() {
        return status.equals(ROLLBACK_IN_PROGRESS);
    }

    void begin(Instant now) {
        if (status.equals(PENDING)) {
            startedAt = now;
            become(IN_PROGRESS, null, now);
        }
    }

    void rollBack(Rollout to, String reason, Instant now) {
        rollback = Rollback.builder()
                .reason(reason)
                .startedAt(now)
                .serviceRevisionArn(to.revisionArn())
                .build();
        become(ROLLBACK_IN_PROGRESS, reason, now);
    }

    /** Ends the deployment at its goal: at its revision, or back at the former one. */
    void complete(Instant now) {
        finishedAt = now;
        var end = isRollingBack() ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL";
        become(end, statusReason, now);
    }

    /** Ends the deployment before its goal. */
    void stop(String reason, Instant now) {
        stoppedAt = now;
        finishedAt = now;
        var end = isRollingBack() ? "ROLLBACK_FAILED" : "STOPPED";
        become(end, reason, now);
    }

    private void become(String next, @Nullable String reason, Instant now) {
        status = next;
        statusReason = reason;
        updatedAt = now;
    }

    ServiceDeployment view() {
        var service = target.service();
        var config = service.deploymentConfiguration();
        return ServiceDeployment.builder()
                .serviceDeploymentArn(arn())
                .serviceArn(service.arn())
                .clusterArn(service.cluster().arn())
                .createdAt(createdAt)
                .startedAt(startedAt)
                .finishedAt(finishedAt)
                .stoppedAt(stoppedAt)
                .updatedAt(updatedAt)
                .sourceServiceRevisions(
                        sources.stream().map(it -> summary(it, 0)).toList())
                .targetServiceRevision(summary(target, service.desiredCount()))
                .status(status)
                .statusReason(statusReason)
                .deploymentConfiguration(config)
                .rollback(rollback)
                .deploymentCircuitBreaker(monitor(config.deploymentCircuitBreaker()))
                .build();
    }

    ServiceDeploymentBrief brief() {
        return ServiceDeploymentBrief.builder()
                .serviceDeploymentArn(arn())
                .serviceArn(target.service().arn())
                .clusterArn(target.service().cluster().arn())
                .createdAt(createdAt)
                .startedAt(startedAt)
                .finishedAt(finishedAt)
                .targetServiceRevisionArn(target.revisionArn())
                .status(status)
                .statusReason(statusReason)
                .build();
    }

    private static ServiceRevisionSummary summary(Rollout rollout, int requested) {
        return ServiceRevisionSummary.builder()
                .arn(rollout.revisionArn())
                .requestedTaskCount(requested)
                .runningTaskCount(rollout.taskCounts().running())
                .pendingTaskCount(rollout.taskCounts().pending())
                .build();
    }

    private ServiceDeploymentCircuitBreaker monitor(@Nullable DeploymentCircuitBreaker breaker) {
        boolean isOn = breaker != null && Boolean.TRUE.equals(breaker.enable());
        var state = !isOn
                ? ServiceDeploymentRollbackMonitorsStatus.DISABLED
                : target.isFailed()
                        ? ServiceDeploymentRollbackMonitorsStatus.TRIGGERED
                        : isUnderWay()
                                ? ServiceDeploymentRollbackMonitorsStatus.MONITORING
                                : ServiceDeploymentRollbackMonitorsStatus.MONITORING_COMPLETE;
        return ServiceDeploymentCircuitBreaker.builder()
                .status(state)
                .failureCount(target.startFailures())
                .threshold(threshold)
                .build();
    }
}
