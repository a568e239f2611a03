package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** ListTasks, DescribeTasks and StopTask. */
final class TaskApi {
    private final TaskLifecycle tasks;
    private final ClusterApi clusters;
    private final Lookup lookup;

    TaskApi(Simulation simulation, ClusterApi clusters) {
        this.tasks = simulation.tasks();
        this.clusters = clusters;
        this.lookup = new Lookup(simulation);
    }

    ListTasksResponse list(ListTasksRequest request) {
        var cluster = clusters.named(request.cluster());
        refuseStarterWithOthers(request);
        var listingKeys = listingKeysOf(cluster, request);
        var page = cluster.taskListing()
                .page(
                        listingKeys.get(0),
                        Page.positionOf(request.nextToken()),
                        Page.sizeOf(request.maxResults(), 100),
                        task -> matches(task, request, listingKeys));
        return ListTasksResponse.builder()
                .taskArns(page.map(LiveTask::arn))
                .nextToken(page.nextToken())
                .build();
    }

    /** Describes tasks. An INACTIVE cluster keeps only stopped tasks with tags. */
    DescribeTasksResponse describe(DescribeTasksRequest request) {
        var cluster = clusters.remembered(request.cluster());
        Limits.some("Tasks", request.tasks(), 100);
        boolean withTags = request.include().contains(TaskField.TAGS);
        var found = lookup.in(cluster, "task", request.tasks(), cluster::task, LiveTask::arn);
        return DescribeTasksResponse.builder()
                .tasks(found.map(it -> withTags ? it.task() : withoutTags(it.task())))
                .failures(found.failures())
                .build();
    }

    StopTaskResponse stop(StopTaskRequest request) {
        var cluster = clusters.named(request.cluster());
        var task = cluster.task(Objects.requireNonNullElse(request.task(), ""))
                .orElseThrow(() -> EcsError.invalid("The referenced task was not found."));
        tasks.stop(task, StopCause.byUser(Objects.requireNonNullElse(request.reason(), "Task stopped by user")));
        return StopTaskResponse.builder().task(task.task()).build();
    }

    /** The keys that the filters name, those with the shortest lists first. A task must be listed under all of them. */
    private static List<LiveTask.ListingKey> listingKeysOf(LiveCluster cluster, ListTasksRequest request) {
        var desired = request.desiredStatusAsString() == null ? Status.RUNNING : request.desiredStatusAsString();
        var listingKeys = new ArrayList<LiveTask.ListingKey>();
        if (request.serviceName() != null) {
            var service = cluster.service(request.serviceName()).orElseThrow(EcsError::noService);
            listingKeys.add(new LiveTask.ListingKey(LiveTask.ListingKey.By.SERVICE, service.name(), desired));
        }
        if (request.containerInstance() != null) {
            var host = cluster.host(request.containerInstance())
                    .orElseThrow(() -> EcsError.invalid("The referenced container instance was not found."));
            listingKeys.add(new LiveTask.ListingKey(LiveTask.ListingKey.By.HOST, host.id(), desired));
        }
        if (request.family() != null) {
            listingKeys.add(new LiveTask.ListingKey(LiveTask.ListingKey.By.FAMILY, request.family(), desired));
        }
        if (request.startedBy() != null) {
            listingKeys.add(new LiveTask.ListingKey(LiveTask.ListingKey.By.STARTER, request.startedBy(), desired));
        }
        listingKeys.add(LiveTask.ListingKey.all(desired));
        return listingKeys;
    }

    /**
     * Whether a task matches the filters. It ignores the status, since a stale list may hold a task that has changed.
     */
    private static boolean matches(LiveTask task, ListTasksRequest request, List<LiveTask.ListingKey> listingKeys) {
        if (request.launchType() != null && task.task().launchType() != request.launchType()) {
            return false;
        }
        if (listingKeys.size() <= 2) {
            return true;
        }
        var own = task.listingKeys();
        return listingKeys.stream().allMatch(wanted -> own.stream()
                .anyMatch(it -> it.by() == wanted.by() && it.value().equals(wanted.value())));
    }

    private static void refuseStarterWithOthers(ListTasksRequest request) {
        boolean hasOthers = Stream.of(
                        request.serviceName(), request.containerInstance(), request.family(), request.launchType())
                .anyMatch(Objects::nonNull);
        if (request.startedBy() != null && hasOthers) {
            throw EcsError.invalid("startedBy must be the only filter.");
        }
    }

    private static Task withoutTags(Task task) {
        return task.toBuilder().tags(List.of()).build();
    }
}
