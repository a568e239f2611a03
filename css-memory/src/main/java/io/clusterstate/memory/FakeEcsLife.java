package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Moves the tasks of a fake ECS along their statuses, and counts and charges them on their instances. Each change of a
 * task or an instance is a version and an event of its own.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsLife {

    private static final Set<String> ON_THE_WAY = Set.of("PROVISIONING", "PENDING", "ACTIVATING");

    /** The exit code of a container that ends on the SIGTERM of a stop. */
    static final int EXIT_OF_SIGTERM = 143;

    private final FakeEcsState state;
    private final Map<String, FakeEcsRoom.Claim> claims = new HashMap<>();
    private long assignedPorts;

    FakeEcsLife(FakeEcsState state) {
        this.state = state;
    }

    /** Begins a task: it takes its resources of the instance, if it is on one. */
    Task begin(Task task, FakeEcsNeeds needs) {
        Task begun = state.change(EntityKind.TASK, task.clusterArn(), task);
        ContainerInstance instance = instanceOf(task);
        if (instance != null) {
            FakeEcsRoom.Claim claim = FakeEcsRoom.claim(instance, needs);
            claims.put(task.taskArn(), claim);
            change(begun, instance, FakeEcsRoom.taken(instance, claim), "", begun.lastStatus());
        }
        return begun;
    }

    /** Moves a task to its next status: up to RUNNING, or down to STOPPED once it has to stop. */
    Task step(Task task) {
        String status = isToStop(task) ? nextDown(task) : nextUp(task);
        return status.equals(task.lastStatus()) ? task : enter(task, status, EXIT_OF_SIGTERM);
    }

    private static String nextUp(Task task) {
        return "PROVISIONING".equals(task.lastStatus()) ? "PENDING" : "RUNNING";
    }

    private static String nextDown(Task task) {
        boolean hasInterface = !task.attachments().isEmpty();
        boolean isDeprovisioned = Set.of("DEPROVISIONING", "STOPPED").contains(task.lastStatus());
        return hasInterface && !isDeprovisioned ? "DEPROVISIONING" : "STOPPED";
    }

    static boolean isToStop(Task task) {
        return "STOPPED".equals(task.desiredStatus());
    }

    static boolean hasStopped(Task task) {
        return "STOPPED".equals(task.lastStatus());
    }

    /** Wants a task to stop, unless that is so already. */
    Task wantStopped(Task task, TaskStopCode code, String reason) {
        return isToStop(task)
                ? task
                : changed(task, next -> next.desiredStatus("STOPPED")
                        .stopCode(code)
                        .stoppedReason(reason)
                        .stoppingAt(state.now()));
    }

    /** Moves a task that is to stop to STOPPED, with the exit code of its containers if they ran. */
    Task end(Task task, int exitCode) {
        Task now = task;
        while (!hasStopped(now)) {
            now = enter(now, nextDown(now), exitCode);
        }
        return now;
    }

    private Task enter(Task task, String status, int exitCode) {
        Task entered = changed(task, next -> {
            next.lastStatus(status);
            switch (status) {
                case "RUNNING" -> run(task, next, state.now());
                case "DEPROVISIONING", "STOPPED" -> exit(task, next, exitCode, state.now());
                default -> {}
            }
        });
        recount(task, entered);
        return entered;
    }

    private static void exit(Task task, Task.Builder next, int exitCode, Instant now) {
        if (task.executionStoppedAt() == null) {
            Integer code = task.startedAt() == null ? null : exitCode;
            next.executionStoppedAt(now)
                    .containers(each(
                            task, container -> container.lastStatus("STOPPED").exitCode(code)));
        }
    }

    private void run(Task task, Task.Builder next, Instant now) {
        List<Container> containers = each(task, container -> container.lastStatus("RUNNING"));
        next.connectivity(Connectivity.CONNECTED)
                .connectivityAt(now)
                .containers(task.containerInstanceArn() == null ? containers : bound(task, containers));
    }

    /** Binds the ports of a task that the fake started; those that the test has put keep theirs. */
    private List<Container> bound(Task task, List<Container> containers) {
        Optional<TaskDefinition> definition = state.definitions().known(task.taskDefinitionArn());
        return definition.isEmpty() || !claims.containsKey(task.taskArn())
                ? containers
                : containers.stream()
                        .map(each -> each.copy(container -> container.networkBindings(
                                FakeEcsNetwork.bindings(definition.get(), each.name(), () -> assignedPorts++))))
                        .toList();
    }

    private void recount(Task before, Task after) {
        ContainerInstance instance = instanceOf(after);
        boolean isCharged = claims.containsKey(after.taskArn());
        if (instance == null || !isCharged) {
            return;
        }
        FakeEcsRoom.Claim ended = hasStopped(after) ? claims.remove(after.taskArn()) : null;
        List<Resource> left = ended == null ? instance.remainingResources() : FakeEcsRoom.freed(instance, ended);
        change(after, instance, left, before.lastStatus(), after.lastStatus());
    }

    /** Gives back what a task holds, since it is removed. */
    void free(Task task) {
        FakeEcsRoom.Claim claim = claims.remove(task.taskArn());
        ContainerInstance instance = instanceOf(task);
        if (claim != null && instance != null) {
            change(task, instance, FakeEcsRoom.freed(instance, claim), task.lastStatus(), "");
        }
    }

    /** Sets an instance's free resources and counts, if that changes it. */
    private void change(Task task, ContainerInstance instance, List<Resource> left, String from, String to) {
        ContainerInstance next = instance.toBuilder()
                .remainingResources(left)
                .runningTasksCount(counted(instance.runningTasksCount(), "RUNNING"::equals, from, to))
                .pendingTasksCount(counted(instance.pendingTasksCount(), ON_THE_WAY::contains, from, to))
                .build();
        if (!next.equals(instance)) {
            state.change(EntityKind.INSTANCE, task.clusterArn(), next);
        }
    }

    private static int counted(@Nullable Integer count, Predicate<String> isCounted, String from, String to) {
        int before = count == null ? 0 : count;
        return Math.max(0, before + (isCounted.test(to) ? 1 : 0) - (isCounted.test(from) ? 1 : 0));
    }

    private Task changed(Task task, Consumer<Task.Builder> change) {
        return state.change(EntityKind.TASK, task.clusterArn(), task.copy(change));
    }

    private @Nullable ContainerInstance instanceOf(Task task) {
        return task.containerInstanceArn() == null
                ? null
                : state.find(EntityKind.INSTANCE, task.containerInstanceArn()).orElse(null);
    }

    private static List<Container> each(Task task, UnaryOperator<Container.Builder> change) {
        return task.containers().stream()
                .map(container -> change.apply(container.toBuilder()).build())
                .toList();
    }
}
