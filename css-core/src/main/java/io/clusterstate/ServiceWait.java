package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Waits for a state of a service which the caller knows from an answer of ECS, or from the view. A value of the view
 * that is older than the caller's does not count.
 *
 * @param <R> the result
 */
abstract class ServiceWait<R> implements Wait<R> {

    private final Service asked;
    private final String arn;

    ServiceWait(Service asked) {
        this.asked = asked;
        this.arn = checked(asked);
    }

    private static String checked(Service service) {
        String arn = service.serviceArn();
        if (arn == null || !EcsArn.isOf("service", arn)) {
            throw new IllegalArgumentException(
                    "serviceArn: " + arn + " (expected: a service's ARN, as ECS answers it)");
        }
        return arn;
    }

    /** Waits until a service is stable, as {@code EcsWaiter} does. */
    static ServiceWait<Service> untilStable(Service asked) {
        return new ServiceWait<>(asked) {
            @Override
            public String missing() {
                return "not stable";
            }

            @Override
            @Nullable Service test(Service now, Snapshot snapshot) {
                return isStable(now) ? now : null;
            }
        };
    }

    /** Tests a value that is no older than the caller's. */
    abstract @Nullable R test(Service now, Snapshot snapshot);

    @Override
    public final Collection<String> arns() {
        return List.of(arn);
    }

    @Override
    public final @Nullable R test(Snapshot snapshot) {
        Optional<Service> now = snapshot.service(arn);
        if (now.isEmpty()) {
            snapshot.removed(arn).ifPresent(this::requireEarlierLife);
            return null;
        }
        boolean isCurrent = !isEarlierLife(now.get()) && isCurrent(active(now.get()));
        return isCurrent ? test(now.get(), snapshot) : null;
    }

    private boolean isEarlierLife(Service now) {
        return asked.createdAt() != null
                && now.createdAt() != null
                && now.createdAt().isBefore(asked.createdAt());
    }

    /** A service that was created anew may have been removed in an earlier life, under the same ARN. */
    private void requireEarlierLife(Removed<?> removed) {
        Instant created = asked.createdAt();
        if (created == null || !created.isAfter(removed.at())) {
            throw WaitFailedException.removed(removed, "ACTIVE");
        }
    }

    private Service active(Service now) {
        if (!"ACTIVE".equals(now.status())) {
            throw new WaitFailedException(arn, arn + ": " + now.status() + " (expected: ACTIVE)", null);
        }
        return now;
    }

    /**
     * Whether a value of the view is no older than the caller's. A service has no version, so the newest deployment
     * decides, and within that deployment the times of its update and the desired count.
     */
    private boolean isCurrent(Service now) {
        Deployment before = primary(asked);
        Deployment shown = primary(now);
        if (before == null || shown == null) {
            return Objects.equals(asked.desiredCount(), now.desiredCount()) || asked.desiredCount() == null;
        }
        if (Objects.equals(before.id(), shown.id())) {
            int order = lastMoved(shown).compareTo(lastMoved(before));
            return order > 0 || (order == 0 && Objects.equals(asked.desiredCount(), now.desiredCount()));
        }
        return deployment(now, before.id()).isPresent() || !lastMoved(shown).isBefore(createdAt(before));
    }

    static boolean isStable(Service service) {
        return service.deployments().size() == 1 && Objects.equals(service.runningCount(), service.desiredCount());
    }

    /** The deployment that replaces all others; null if ECS reports none. */
    static @Nullable Deployment primary(Service service) {
        return service.deployments().stream()
                .filter(each -> "PRIMARY".equals(each.status()))
                .findFirst()
                .orElse(null);
    }

    static Optional<Deployment> deployment(Service service, @Nullable String id) {
        return service.deployments().stream()
                .filter(each -> Objects.equals(each.id(), id))
                .findFirst();
    }

    private static Instant createdAt(Deployment deployment) {
        return deployment.createdAt() == null ? Instant.MIN : deployment.createdAt();
    }

    private static Instant lastMoved(Deployment deployment) {
        return Stream.of(
                        createdAt(deployment),
                        Optional.ofNullable(deployment.updatedAt()).orElse(Instant.MIN))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    @Override
    public final String state(Snapshot snapshot) {
        return arn + ": " + snapshot.service(arn).map(this::stateOf).orElse("not seen yet");
    }

    private String stateOf(Service now) {
        String counts = now.runningCount() + " of " + now.desiredCount() + " tasks run, "
                + now.deployments().size() + " deployments";
        Deployment primary = primary(now);
        String newest = primary == null ? "" : ", the newest " + primary.id() + ' ' + primary.rolloutStateAsString();
        return counts + newest + (isCurrent(now) ? "" : "; older than the service that is waited for");
    }
}
