package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The deployments of a fake ECS's services, as a rolling update has them. Their ids count up from 1. Source: the ECS
 * API reference, {@code Deployment}.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsDeployments {

    private static final String PRIMARY = "PRIMARY";

    private long count;

    /** Begins a deployment of a service as it is now; the deployments before it become ACTIVE. */
    Service begun(Service service, Instant now) {
        String id = String.format("ecs-svc/%019d", ++count);
        List<Deployment> deployments = new ArrayList<>();
        deployments.add(Deployment.builder()
                .id(id)
                .status(PRIMARY)
                .taskDefinition(service.taskDefinition())
                .launchType(service.launchType())
                .desiredCount(service.desiredCount())
                .runningCount(0)
                .pendingCount(0)
                .failedTasks(0)
                .rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment " + id + " in progress.")
                .createdAt(now)
                .updatedAt(now)
                .build());
        service.deployments().forEach(each -> deployments.add(each.copy(old -> old.status("ACTIVE"))));
        return service.copy(next -> next.deployments(deployments));
    }

    /** Gives the present deployment the desired count of its service. */
    static Service resized(Service service, Instant now) {
        return service.copy(next -> next.deployments(service.deployments().stream()
                .map(each -> isPrimary(each) && !Objects.equals(each.desiredCount(), service.desiredCount())
                        ? each.copy(deployment ->
                                deployment.desiredCount(service.desiredCount()).updatedAt(now))
                        : each)
                .toList()));
    }

    /** Ends the rollout of a service, and sends the event. */
    static Service complete(FakeEcsState state, String serviceArn) {
        FakeEcsState.Held<Service> held = state.held(EntityKind.SERVICE, serviceArn)
                .orElseThrow(() -> new IllegalArgumentException(
                        "serviceArn: " + serviceArn + " (expected: the ARN of a service in the fake ECS)"));
        Service completed = state.change(EntityKind.SERVICE, held.clusterArn(), completed(held.value(), state.now()));
        state.events().flush();
        return completed;
    }

    private static Service completed(Service service, Instant now) {
        Integer wanted = service.desiredCount();
        return service.copy(next -> next.runningCount(wanted)
                .pendingCount(0)
                .deployments(service.deployments().stream()
                        .filter(FakeEcsDeployments::isPrimary)
                        .map(each -> each.copy(deployment -> deployment
                                .runningCount(wanted)
                                .pendingCount(0)
                                .rolloutState(DeploymentRolloutState.COMPLETED)
                                .rolloutStateReason("ECS deployment " + each.id() + " completed.")
                                .updatedAt(now)))
                        .toList()));
    }

    private static boolean isPrimary(Deployment deployment) {
        return PRIMARY.equals(deployment.status());
    }
}
