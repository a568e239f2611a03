package io.clusterstate;

import io.clusterstate.Rollout.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Waits for the end of a deployment, by the service alone: its deployments with their states and reasons, and its
 * messages. Once a rollback has ended, ECS no longer lists the failed deployment, and the reason of the present one
 * says only that it has completed. So the wait remembers a failure that it saw, and else reads the messages.
 *
 * <p>Source: the ECS API reference, {@code Deployment}; the developer guide, "Amazon ECS deployment circuit breaker"
 * and "Amazon ECS service event messages".
 */
final class RolloutWait extends ServiceWait<Rollout> {

    private static final String COMPLETED = "COMPLETED";
    private static final String FAILED = "FAILED";

    private final Deployment awaited;
    /** ECS's words about the failure; null while none is known. */
    private @Nullable String failure;

    RolloutWait(Service asked) {
        super(asked);
        Deployment primary = primary(asked);
        if (primary == null || primary.id() == null) {
            throw new IllegalArgumentException("service: " + asked.serviceArn() + " with deployments "
                    + asked.deployments() + " (expected: a PRIMARY one, as ECS reports it for a rolling update)");
        }
        this.awaited = primary;
    }

    @Override
    public String missing() {
        return "rollout of " + awaited.id() + " not ended";
    }

    @Override
    @Nullable Rollout test(Service now, Snapshot snapshot) {
        Deployment primary = primary(now);
        if (primary == null) {
            return null;
        }
        return primary.id().equals(awaited.id())
                ? whilePrimary(now, primary, snapshot)
                : onceReplaced(now, primary, snapshot);
    }

    private @Nullable Rollout whilePrimary(Service now, Deployment own, Snapshot snapshot) {
        String state = own.rolloutStateAsString();
        if (COMPLETED.equals(state) || (state == null && isStable(now))) {
            return ended(Outcome.COMPLETED, own.rolloutStateReason(), now, snapshot);
        }
        if (!FAILED.equals(state)) {
            return null;
        }
        failure = own.rolloutStateReason();
        boolean rollsBack =
                rollsBack(now.deploymentConfiguration()) && now.deployments().size() > 1;
        return rollsBack ? null : ended(Outcome.FAILED, failure, now, snapshot);
    }

    private @Nullable Rollout onceReplaced(Service now, Deployment primary, Snapshot snapshot) {
        noteFailure(now, primary);
        String reason = failure;
        if (reason == null) {
            return ended(Outcome.REPLACED, "replaced by " + primary.id(), now, snapshot);
        }
        String state = primary.rolloutStateAsString();
        if (FAILED.equals(state)) {
            return ended(Outcome.FAILED, reason + " " + primary.rolloutStateReason(), now, snapshot);
        }
        return COMPLETED.equals(state) ? ended(Outcome.ROLLED_BACK, reason, now, snapshot) : null;
    }

    /** Notes ECS's words: the deployment's own reason, else a message about it, else the reason of the rollback. */
    private void noteFailure(Service now, Deployment primary) {
        Optional<String> own = deployment(now, awaited.id())
                .filter(each -> FAILED.equals(each.rolloutStateAsString()))
                .map(Deployment::rolloutStateReason)
                .or(() -> messageOfFailure(now));
        Optional<String> rollback = Optional.ofNullable(primary.rolloutStateReason())
                .filter(RolloutWait::isAboutRollback)
                .or(() -> returnTo(primary))
                .filter(reason -> failure == null);
        own.or(() -> rollback).ifPresent(words -> failure = words);
    }

    /** An earlier deployment that is PRIMARY again can only be one that ECS has rolled back to. */
    private Optional<String> returnTo(Deployment primary) {
        boolean isEarlier = primary.createdAt() != null
                && awaited.createdAt() != null
                && primary.createdAt().isBefore(awaited.createdAt());
        return isEarlier ? Optional.of("rolled back to " + primary.id()) : Optional.empty();
    }

    private Optional<String> messageOfFailure(Service now) {
        return now.events().stream()
                .map(ServiceEvent::message)
                .filter(Objects::nonNull)
                .filter(message -> message.contains(awaited.id()) && message.contains("deployment failed"))
                .findFirst();
    }

    private static boolean isAboutRollback(String reason) {
        String words = reason.toLowerCase(Locale.ROOT);
        return words.contains("rolling back") || words.contains("rolled back") || words.contains("rollback");
    }

    private static boolean rollsBack(@Nullable DeploymentConfiguration configuration) {
        if (configuration == null) {
            return false;
        }
        boolean byBreaker = configuration.deploymentCircuitBreaker() != null
                && configuration.deploymentCircuitBreaker().rollback();
        return byBreaker
                || (configuration.alarms() != null && configuration.alarms().rollback());
    }

    private Rollout ended(Outcome outcome, @Nullable String reason, Service now, Snapshot snapshot) {
        List<Task> stopped = snapshot.tasks()
                .startedBy(awaited.id())
                .where(RolloutWait::isStopped)
                .list();
        return new Rollout(outcome, reason == null ? "" : reason, now, stopped);
    }

    /** The service may show the failure before its last tasks are STOPPED; their reasons are there already. */
    private static boolean isStopped(Task task) {
        return EntityKind.TASK.hasEnded(task) || "STOPPED".equals(task.desiredStatus());
    }
}
