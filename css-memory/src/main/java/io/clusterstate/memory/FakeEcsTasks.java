package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * ListTasks, DescribeTasks and StopTask of a fake ECS. Source of the filters and limits: the ECS API reference.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsTasks {

    private static final int MOST = 100;

    private final FakeEcsState state;
    private final FakeEcsNames names;
    private final FakeEcsLife life;

    FakeEcsTasks(FakeEcsState state, FakeEcsNames names, FakeEcsLife life) {
        this.state = state;
        this.names = names;
        this.life = life;
    }

    ListTasksResponse list(ListTasksRequest request) {
        String cluster = state.cluster(request.cluster());
        requireStarterAlone(request);
        Predicate<Task> wanted = filter(cluster, request);
        List<FakeEcsState.Held<Task>> listed = state.in(EntityKind.TASK, cluster).stream()
                .filter(each -> wanted.test(each.value()))
                .toList();
        FakeEcsPage page = FakeEcsPage.of(EntityKind.TASK, listed, request.nextToken(), request.maxResults(), MOST);
        return ListTasksResponse.builder()
                .taskArns(page.arns())
                .nextToken(page.nextToken())
                .build();
    }

    private Predicate<Task> filter(String cluster, ListTasksRequest request) {
        String desired = Objects.requireNonNullElse(request.desiredStatusAsString(), "RUNNING");
        String instance = request.containerInstance() == null
                ? null
                : names.instance(cluster, request.containerInstance())
                        .orElseThrow(() -> FakeEcsErrors.invalid("The referenced container instance was not found."))
                        .containerInstanceArn();
        String group = request.serviceName() == null
                ? null
                : names.service(cluster, request.serviceName())
                        .map(service -> "service:" + service.serviceName())
                        .orElseThrow(FakeEcsErrors::serviceNotFound);
        return task -> desired.equals(task.desiredStatus())
                && isUnsetOr(instance, task.containerInstanceArn())
                && isUnsetOr(group, task.group())
                && isUnsetOr(
                        request.family(),
                        FakeEcsDefinitions.familyOf(Objects.requireNonNullElse(task.taskDefinitionArn(), "")))
                && isUnsetOr(request.startedBy(), task.startedBy())
                && isUnsetOr(request.launchTypeAsString(), task.launchTypeAsString());
    }

    private static boolean isUnsetOr(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || wanted.equals(actual);
    }

    private static void requireStarterAlone(ListTasksRequest request) {
        boolean hasOthers = Stream.of(
                        request.serviceName(),
                        request.containerInstance(),
                        request.family(),
                        request.launchTypeAsString())
                .anyMatch(Objects::nonNull);
        if (request.startedBy() != null && hasOthers) {
            throw FakeEcsErrors.invalid("startedBy must be the only filter.");
        }
    }

    DescribeTasksResponse describe(DescribeTasksRequest request) {
        String cluster = state.cluster(request.cluster());
        FakeEcsNames.Found<Task> found = names.each(EntityKind.TASK, cluster, "Tasks", request.tasks(), MOST);
        boolean withTags = request.include().contains(TaskField.TAGS);
        return DescribeTasksResponse.builder()
                .tasks(found.found().stream()
                        .map(task -> withTags || !task.hasTags() ? task : task.copy(each -> each.tags(List.of())))
                        .toList())
                .failures(found.failures())
                .build();
    }

    StopTaskResponse stop(StopTaskRequest request) {
        String cluster = state.cluster(request.cluster());
        Task task = names.task(cluster, request.task())
                .orElseThrow(() -> FakeEcsErrors.invalid("The referenced task was not found."));
        String reason = Objects.requireNonNullElse(request.reason(), "Task stopped by user");
        return StopTaskResponse.builder()
                .task(life.wantStopped(task, TaskStopCode.USER_INITIATED, reason))
                .build();
    }
}
