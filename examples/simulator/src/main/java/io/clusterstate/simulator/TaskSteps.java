package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;

/** Makes the state of a task after each step of its path. */
final class TaskSteps {
    private static final Duration PULL = Duration.ofMillis(1_840);

    private final Randomness random;

    TaskSteps(Randomness random) {
        this.random = random;
    }

    /** The task after a step, with the next version. */
    Task after(LiveTask live, String status, Instant now) {
        var before = live.task();
        var task = before.toBuilder().lastStatus(status).version(before.version() + 1);
        switch (status) {
            case Status.PENDING -> attach(before, task);
            case Status.ACTIVATING -> bringUp(live, task, now);
            case Status.RUNNING -> run(live, task, now);
            case Status.DEPROVISIONING -> {
                // With a load balancer a version without an event passes while the task is deregistered from it.
                long unseen = before.lastStatus().equals(Status.DEACTIVATING) ? 1 : 0;
                task.version(before.version() + 1 + unseen);
                exit(live, task, now);
            }
            case Status.STOPPED -> stop(live, task, now);
            default -> throw new IllegalStateException("status: " + status + " (expected: a step of a status path)");
        }
        return task.build();
    }

    /** The task after the request to stop, with the next version. */
    static Task toldToStop(LiveTask live, Instant now) {
        var before = live.task();
        return before.toBuilder()
                .desiredStatus(Status.STOPPED)
                .lastStatus(live.path().whenToldToStop(before.lastStatus()))
                .stopCode(live.stopCause().stopCode())
                .stoppedReason(live.stopCause().reason())
                .stoppingAt(now)
                .version(before.version() + 1)
                .build();
    }

    private void attach(Task before, Task.Builder task) {
        var attachments = before.attachments().stream()
                .map(eni -> NetworkInterfaces.attached(eni, random))
                .toList();
        task.attachments(attachments);
        if (!attachments.isEmpty()) {
            var eni = attachments.get(0);
            var address = NetworkInterface.builder()
                    .attachmentId(eni.id())
                    .privateIpv4Address(NetworkInterfaces.address(eni))
                    .build();
            task.containers(each(before, (index, container) -> container.networkInterfaces(address)));
        }
    }

    private void run(LiveTask live, Task.Builder task, Instant now) {
        if (live.task().connectivity() == null) {
            bringUp(live, task, now);
        }
        boolean probed = live.template().parts().stream().anyMatch(TaskTemplate.Part::probed);
        task.startedAt(now).healthStatus(probed ? HealthStatus.HEALTHY : HealthStatus.UNKNOWN);
    }

    private void bringUp(LiveTask live, Task.Builder task, Instant now) {
        var createdAt = live.task().createdAt();
        var pulled = now.minus(PULL).isBefore(createdAt) ? createdAt : now.minus(PULL);
        task.connectivity(Connectivity.CONNECTED)
                .connectivityAt(pulled)
                .pullStartedAt(pulled)
                .pullStoppedAt(now);
        task.containers(each(live.task(), (index, container) -> {
            var part = live.template().parts().get(index);
            container
                    .lastStatus(Status.RUNNING)
                    .imageDigest(part.digest())
                    .runtimeId(random.hex(64))
                    .healthStatus(part.probed() ? HealthStatus.HEALTHY : HealthStatus.UNKNOWN);
            changeAgents(live.task().containers().get(index), container, it -> it.lastStatus(Status.RUNNING)
                    .lastStartedAt(now));
            live.placement()
                    .ifPresent(placement ->
                            bind(container, part, placement.claim().hostPorts().get(index)));
        }));
    }

    private static void changeAgents(
            Container before, Container.Builder container, Consumer<ManagedAgent.Builder> change) {
        if (before.hasManagedAgents()) {
            container.managedAgents(before.managedAgents().stream()
                    .map(it -> it.toBuilder().applyMutation(change).build())
                    .toList());
        }
    }

    private static void bind(Container.Builder container, TaskTemplate.Part part, List<Integer> hostPorts) {
        var bindings = new ArrayList<NetworkBinding>(hostPorts.size());
        for (int i = 0; i < hostPorts.size(); i++) {
            bindings.add(NetworkBinding.builder()
                    .bindIP("0.0.0.0")
                    .containerPort(part.ports().get(i).container())
                    .hostPort(hostPorts.get(i))
                    .protocol(part.ports().get(i).protocol())
                    .build());
        }
        container.networkBindings(bindings);
    }

    private static void exit(LiveTask live, Task.Builder task, Instant now) {
        var stopCause = live.stopCause();
        boolean ran = live.task().startedAt() != null;
        task.executionStoppedAt(now).healthStatus(HealthStatus.UNKNOWN);
        task.containers(each(live.task(), (index, container) -> {
            container.lastStatus(Status.STOPPED).healthStatus(HealthStatus.UNKNOWN);
            changeAgents(live.task().containers().get(index), container, it -> it.lastStatus(Status.STOPPED));
            if (ran && stopCause.exitCode() != null) {
                container.exitCode(stopCause.exitCode());
            }
            if (index == 0 && stopCause.containerReason() != null) {
                container.reason(stopCause.containerReason());
            }
        }));
    }

    private static void stop(LiveTask live, Task.Builder task, Instant now) {
        if (live.task().executionStoppedAt() == null) {
            exit(live, task, now);
        }
        task.stoppedAt(now);
        task.attachments(live.task().attachments().stream()
                .map(eni -> eni.toBuilder().status("DELETED").build())
                .toList());
    }

    private static List<Container> each(Task task, BiConsumer<Integer, Container.Builder> change) {
        var containers = new ArrayList<Container>();
        for (var container : task.containers()) {
            var builder = container.toBuilder();
            change.accept(containers.size(), builder);
            containers.add(builder.build());
        }
        return containers;
    }
}
