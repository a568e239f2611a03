package io.clusterstate.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.ManagedAgentName;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Makes new tasks in the state of their first event. */
final class NewTasks {
    private static final List<Attribute> ATTRIBUTES = List.of(InstanceType.attribute("ecs.cpu-architecture", "x86_64"));
    private static final int EPHEMERAL_GIB = 20;
    private static final ManagedAgent COMMAND_AGENT = ManagedAgent.builder()
            .name(ManagedAgentName.EXECUTE_COMMAND_AGENT)
            .lastStatus(Status.PENDING)
            .build();

    private final World world;

    NewTasks(World world) {
        this.world = world;
    }

    LiveTask create(LiveCluster cluster, TaskStart start, Instant now) {
        var template = start.template();
        var random = world.random();
        var arn = world.arns().fresh("task", cluster.name(), random, world.nextIsShort());
        var task = Task.builder()
                .taskArn(arn)
                .clusterArn(cluster.arn())
                .taskDefinitionArn(template.arn())
                .attributes(ATTRIBUTES)
                .attachments(template.awsvpc() ? List.of(NetworkInterfaces.precreated(random)) : List.of())
                .containers(containers(arn, start))
                .cpu(String.valueOf(template.cpu()))
                .memory(String.valueOf(template.memory()))
                .createdAt(now)
                .desiredStatus(Status.RUNNING)
                .lastStatus(start.path().first())
                .enableExecuteCommand(start.takesCommands())
                .group(start.group())
                .startedBy(start.startedBy())
                .capacityProviderName(start.provider())
                .healthStatus(HealthStatus.UNKNOWN)
                .inferenceAccelerators(List.of())
                .overrides(overrides(start))
                .tags(start.tags())
                .version(1L);
        settle(task, start);
        return new LiveTask(world.nextPosition(), cluster, task.build(), now, start);
    }

    private void settle(Task.Builder task, TaskStart start) {
        var placement = start.placement();
        if (placement != null) {
            task.launchType(LaunchType.EC2)
                    .containerInstanceArn(placement.host().arn())
                    .availabilityZone(placement.host().zone());
            return;
        }
        task.launchType(LaunchType.FARGATE)
                .availabilityZone(Zones.any(world))
                .platformVersion("1.4.0")
                .platformFamily("Linux")
                .ephemeralStorage(it -> it.sizeInGiB(EPHEMERAL_GIB))
                .fargateEphemeralStorage(it -> it.sizeInGiB(EPHEMERAL_GIB));
    }

    private List<Container> containers(String taskArn, TaskStart start) {
        var containers = new ArrayList<Container>();
        int gpus = 0;
        for (var part : start.template().parts()) {
            var container = Container.builder()
                    .containerArn(world.arns().container(taskArn, world.random()))
                    .taskArn(taskArn)
                    .name(part.name())
                    .image(part.image())
                    .lastStatus(Status.PENDING)
                    .networkBindings(List.of())
                    .networkInterfaces(List.of())
                    .healthStatus(HealthStatus.UNKNOWN)
                    .cpu(String.valueOf(part.cpu()))
                    .memory(mib(part.memory()))
                    .memoryReservation(mib(part.reservation()));
            var placement = start.placement();
            if (placement != null && part.gpus() > 0) {
                var ids = placement.claim().gpus();
                container.gpuIds(ids.subList(gpus, gpus + part.gpus()));
                gpus += part.gpus();
            }
            if (start.takesCommands()) {
                container.managedAgents(COMMAND_AGENT);
            }
            containers.add(container.build());
        }
        return containers;
    }

    private static @Nullable String mib(int amount) {
        return amount == 0 ? null : String.valueOf(amount);
    }

    /** The overrides of the task. They name every container, with the caller's overrides beside the name. */
    private static TaskOverride overrides(TaskStart start) {
        Map<String, ContainerOverride> asked = start.overrides().stream()
                .collect(Collectors.toMap(ContainerOverride::name, it -> it, (first, second) -> second));
        var all = start.template().parts().stream()
                .map(part -> asked.getOrDefault(
                        part.name(),
                        ContainerOverride.builder().name(part.name()).build()))
                .toList();
        return TaskOverride.builder()
                .containerOverrides(all)
                .inferenceAcceleratorOverrides(List.of())
                .build();
    }
}
