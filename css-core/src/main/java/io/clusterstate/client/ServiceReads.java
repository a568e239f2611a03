package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.ServiceQuery;
import io.clusterstate.TaskQuery;
import io.clusterstate.client.ListRead.Found;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/** ListServices and DescribeServices. Source of all rules: the ECS API reference, under the operations' names. */
final class ServiceReads {

    private final OwnWrites writes;

    ServiceReads(OwnWrites writes) {
        this.writes = writes;
    }

    LocalRead<DescribeServicesRequest> describe() {
        return new DescribeRead<>(
                EntityKind.SERVICE,
                writes,
                new DescribeRead.Shape<>(
                        Set.of("cluster", "services"),
                        10,
                        DescribeServicesRequest::cluster,
                        DescribeServicesRequest::services,
                        ServiceReads::shown,
                        services -> DescribeServicesResponse.builder()
                                .services(services)
                                .failures(List.<Failure>of())));
    }

    /**
     * A service whose counts agree with its tasks. Events report tasks, but no counts of services, so that a difference
     * means that the service has changed since it was described.
     */
    private static Optional<Service> shown(Observed<Service> service, Moment now) {
        Service value = service.value();
        TaskQuery tasks = now.snapshot().tasks().in(service.clusterArn()).ofService(service.arn());
        TaskCounts counts = TaskCounts.of(tasks);
        boolean isCurrent = Objects.equals(value.runningCount(), counts.running())
                && Objects.equals(value.pendingCount(), counts.pending());
        return isCurrent ? Optional.of(value.toBuilder().tags(List.<Tag>of()).build()) : Optional.empty();
    }

    LocalRead<ListServicesRequest> list(PinnedLists lists) {
        return new ListRead<>(
                lists,
                new ListRead.Paging<>(
                        ListServicesRequest::nextToken,
                        ListServicesRequest::maxResults,
                        10,
                        request -> request.toBuilder()
                                .nextToken(null)
                                .maxResults(null)
                                .build()),
                new ListRead.Shape<>(
                        Set.of("cluster", "nextToken", "maxResults", "launchType", "schedulingStrategy"),
                        request -> Optional.of(Moment.meant(request.cluster())),
                        this::find,
                        (arns, token) ->
                                ListServicesResponse.builder().serviceArns(arns).nextToken(token)));
    }

    /** ECS lists no draining or inactive service. Source: the ECS API reference, {@code DeleteService}. */
    private Found find(ListServicesRequest request, Moment now) {
        if (request.launchType() == LaunchType.UNKNOWN_TO_SDK_VERSION
                || request.schedulingStrategy() == SchedulingStrategy.UNKNOWN_TO_SDK_VERSION) {
            return Found.delegated(DelegationReason.REQUEST);
        }
        Optional<Cluster> cluster = now.cluster(request.cluster());
        if (cluster.isEmpty() || now.mayLackServices()) {
            return Found.delegated(DelegationReason.UNKNOWN);
        }
        if (writes.isAnyOpen(EntityKind.SERVICE, cluster.get(), now)) {
            return Found.delegated(DelegationReason.OWN_WRITE);
        }
        ServiceQuery active =
                now.snapshot().services().in(cluster.get().clusterArn()).status("ACTIVE");
        return matching(request, active);
    }

    /** The reference is silent on services with a capacity provider strategy, which have no launch type. */
    private static Found matching(ListServicesRequest request, ServiceQuery active) {
        if (request.launchType() != null && active.stream().anyMatch(each -> each.launchType() == null)) {
            return Found.delegated(DelegationReason.FILTER);
        }
        return Found.of(active.stream()
                .filter(each -> request.launchType() == null || each.launchType() == request.launchType())
                .filter(each -> request.schedulingStrategy() == null
                        || each.schedulingStrategy() == request.schedulingStrategy())
                .map(EntityKind.SERVICE::arnOf)
                .toList());
    }
}
