package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.TaskQuery;
import io.clusterstate.client.ListRead.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Tag;

/** ListTasks and DescribeTasks. Source of all rules: the ECS API reference, under the operations' names. */
final class TaskReads {

    private static final Set<String> LISTED_BY = Set.of(
            "cluster",
            "containerInstance",
            "family",
            "nextToken",
            "maxResults",
            "startedBy",
            "serviceName",
            "desiredStatus",
            "launchType");

    private final OwnWrites writes;

    TaskReads(OwnWrites writes) {
        this.writes = writes;
    }

    LocalRead<DescribeTasksRequest> describe() {
        return new DescribeRead<>(
                EntityKind.TASK,
                writes,
                new DescribeRead.Shape<>(
                        Set.of("cluster", "tasks"),
                        100,
                        DescribeTasksRequest::cluster,
                        DescribeTasksRequest::tasks,
                        (task, now) -> Optional.of(
                                task.value().toBuilder().tags(List.<Tag>of()).build()),
                        tasks -> DescribeTasksResponse.builder().tasks(tasks).failures(List.<Failure>of())));
    }

    LocalRead<ListTasksRequest> list(PinnedLists lists) {
        return new ListRead<>(
                lists,
                new ListRead.Paging<>(
                        ListTasksRequest::nextToken, ListTasksRequest::maxResults, 100, request -> request.toBuilder()
                                .nextToken(null)
                                .maxResults(null)
                                .build()),
                new ListRead.Shape<>(
                        LISTED_BY,
                        request -> Optional.of(Moment.meant(request.cluster())),
                        this::find,
                        (arns, token) ->
                                ListTasksResponse.builder().taskArns(arns).nextToken(token)));
    }

    private Found find(ListTasksRequest request, Moment now) {
        if (isRefused(request)) {
            return Found.delegated(DelegationReason.REQUEST);
        }
        Optional<Cluster> cluster = now.cluster(request.cluster());
        if (cluster.isEmpty()) {
            return Found.delegated(DelegationReason.UNKNOWN);
        }
        if (writes.isAnyOpen(EntityKind.TASK, cluster.get(), now)) {
            return Found.delegated(DelegationReason.OWN_WRITE);
        }
        return query(request, cluster.get(), now)
                .map(found ->
                        Found.of(found.stream().map(EntityKind.TASK::arnOf).toList()))
                .orElseGet(() -> Found.delegated(DelegationReason.UNKNOWN));
    }

    /** Whether ECS refuses the filters, or may refuse them: {@code startedBy} has to be the only one. */
    private static boolean isRefused(ListTasksRequest request) {
        boolean hasOthers = Stream.of(
                        request.serviceName(),
                        request.containerInstance(),
                        request.family(),
                        request.launchType(),
                        request.desiredStatus())
                .anyMatch(each -> each != null);
        return (request.startedBy() != null && hasOthers)
                || request.desiredStatus() == DesiredStatus.UNKNOWN_TO_SDK_VERSION
                || request.launchType() == LaunchType.UNKNOWN_TO_SDK_VERSION;
    }

    /** The query; empty if the view does not hold the service or the instance of the request, or only its past. */
    private static Optional<TaskQuery> query(ListTasksRequest request, Cluster cluster, Moment now) {
        DesiredStatus desired = request.desiredStatus() == null ? DesiredStatus.RUNNING : request.desiredStatus();
        TaskQuery query = now.snapshot().tasks().in(cluster.clusterArn()).desiredStatus(desired);
        if (request.family() != null) {
            query = query.family(request.family());
        }
        if (request.startedBy() != null) {
            query = query.startedBy(request.startedBy());
        }
        if (request.launchType() != null) {
            query = query.launchType(request.launchType());
        }
        if (request.serviceName() != null) {
            var service = now.find(EntityKind.SERVICE, cluster, request.serviceName());
            if (service.isEmpty() || !"ACTIVE".equals(service.get().value().status())) {
                return Optional.empty();
            }
            query = query.ofService(service.get().arn());
        }
        if (request.containerInstance() != null) {
            var instance = now.find(EntityKind.INSTANCE, cluster, request.containerInstance());
            if (instance.isEmpty() || instance.get().hasEnded()) {
                return Optional.empty();
            }
            query = query.onInstance(instance.get().arn());
        }
        return Optional.of(query);
    }
}
