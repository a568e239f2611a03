package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.InstanceQuery;
import io.clusterstate.InvalidExpressionException;
import io.clusterstate.Observed;
import io.clusterstate.TaskQuery;
import io.clusterstate.client.ListRead.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceHealthStatus;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Tag;

/** ListContainerInstances and DescribeContainerInstances. Source: the ECS API reference, under these names. */
final class InstanceReads {

    /** The subject of expressions that only API answers report, so that the view's value may be old. */
    private static final String COUNT = "runningTasksCount";

    private final OwnWrites writes;

    InstanceReads(OwnWrites writes) {
        this.writes = writes;
    }

    LocalRead<DescribeContainerInstancesRequest> describe() {
        return new DescribeRead<>(
                EntityKind.INSTANCE,
                writes,
                new DescribeRead.Shape<>(
                        Set.of("cluster", "containerInstances"),
                        100,
                        DescribeContainerInstancesRequest::cluster,
                        DescribeContainerInstancesRequest::containerInstances,
                        (instance, now) -> Optional.of(shown(instance, now)),
                        instances -> DescribeContainerInstancesResponse.builder()
                                .containerInstances(instances)
                                .failures(List.<Failure>of())));
    }

    /** An instance with the counts of its tasks in the same snapshot, since events carry no counts. */
    private static ContainerInstance shown(Observed<ContainerInstance> instance, Moment now) {
        TaskQuery tasks = now.snapshot().tasks().in(instance.clusterArn()).onInstance(instance.arn());
        TaskCounts counts = TaskCounts.of(tasks);
        return instance.value().toBuilder()
                .runningTasksCount(counts.running())
                .pendingTasksCount(counts.pending())
                .tags(List.<Tag>of())
                .healthStatus((ContainerInstanceHealthStatus) null)
                .build();
    }

    LocalRead<ListContainerInstancesRequest> list(PinnedLists lists) {
        return new ListRead<>(
                lists,
                new ListRead.Paging<>(
                        ListContainerInstancesRequest::nextToken,
                        ListContainerInstancesRequest::maxResults,
                        100,
                        request -> request.toBuilder()
                                .nextToken(null)
                                .maxResults(null)
                                .build()),
                new ListRead.Shape<>(
                        Set.of("cluster", "filter", "nextToken", "maxResults", "status"),
                        request -> Optional.of(Moment.meant(request.cluster())),
                        this::find,
                        (arns, token) -> ListContainerInstancesResponse.builder()
                                .containerInstanceArns(arns)
                                .nextToken(token)));
    }

    private Found find(ListContainerInstancesRequest request, Moment now) {
        if (request.status() == ContainerInstanceStatus.UNKNOWN_TO_SDK_VERSION) {
            return Found.delegated(DelegationReason.REQUEST);
        }
        if (request.filter() != null && request.filter().contains(COUNT)) {
            return Found.delegated(DelegationReason.FILTER);
        }
        Optional<Cluster> cluster = now.cluster(request.cluster());
        if (cluster.isEmpty()) {
            return Found.delegated(DelegationReason.UNKNOWN);
        }
        if (writes.isAnyOpen(EntityKind.INSTANCE, cluster.get(), now)) {
            return Found.delegated(DelegationReason.OWN_WRITE);
        }
        return matching(request, cluster.get(), now);
    }

    private static Found matching(ListContainerInstancesRequest request, Cluster cluster, Moment now) {
        InstanceQuery query = now.snapshot().instances().in(cluster.clusterArn());
        query = request.status() == null
                ? query.where(each -> !EntityKind.INSTANCE.hasEnded(each))
                : query.status(request.status());
        try {
            query = request.filter() == null ? query : query.matching(request.filter());
        } catch (InvalidExpressionException e) {
            return Found.delegated(DelegationReason.REQUEST); // ECS says what is wrong
        }
        return Found.of(query.stream().map(EntityKind.INSTANCE::arnOf).toList());
    }
}
