package io.clusterstate.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Makes the tasks that a fake ECS starts. Their ids count up from 1, in ECS's form of 32 hexadecimal digits.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsNewTasks {

    /**
     * The order of tasks on instances or Fargate.
     *
     * @param request the request; for StartTask, a request of RunTask with its values
     */
    record Order(
            String clusterArn,
            TaskDefinition definition,
            RunTaskRequest request,
            boolean isOnFargate,
            FakeEcsNeeds needs) {

        /** The task group, by default that of the family. */
        String group() {
            return Objects.requireNonNullElse(request.group(), "family:" + definition.family());
        }
    }

    private final FakeEcsDefinitions definitions;
    private long count;

    FakeEcsNewTasks(FakeEcsDefinitions definitions) {
        this.definitions = definitions;
    }

    Order order(String clusterArn, RunTaskRequest request) {
        TaskDefinition definition = definitions.find(request.taskDefinition());
        String provider = Objects.requireNonNullElse(providerOf(request), "");
        boolean isOnFargate = request.launchType() == LaunchType.FARGATE || provider.startsWith("FARGATE");
        return new Order(
                clusterArn, definition, request, isOnFargate, FakeEcsNeeds.of(definition, request.overrides()));
    }

    Order order(String clusterArn, StartTaskRequest request) {
        return order(
                clusterArn,
                RunTaskRequest.builder()
                        .taskDefinition(request.taskDefinition())
                        .group(request.group())
                        .startedBy(request.startedBy())
                        .overrides(request.overrides())
                        .enableExecuteCommand(request.enableExecuteCommand())
                        .tags(request.tags())
                        .build());
    }

    private static @Nullable String providerOf(RunTaskRequest request) {
        return request.capacityProviderStrategy().stream()
                .map(CapacityProviderStrategyItem::capacityProvider)
                .findFirst()
                .orElse(null);
    }

    /** A task in the status of its first event: PROVISIONING if it gets a network interface of its own. */
    Task create(Order order, @Nullable ContainerInstance instance) {
        String arn = FakeArns.taskArn(order.clusterArn(), String.format("%032x", ++count));
        boolean hasInterface = order.isOnFargate() || order.definition().networkMode() == NetworkMode.AWSVPC;
        return asked(order)
                .taskArn(arn)
                .clusterArn(order.clusterArn())
                .containerInstanceArn(instance == null ? null : instance.containerInstanceArn())
                .availabilityZone(instance == null ? null : zoneOf(instance))
                .desiredStatus("RUNNING")
                .lastStatus(hasInterface ? "PROVISIONING" : "PENDING")
                .healthStatus(HealthStatus.UNKNOWN)
                .attachments(hasInterface ? List.of(FakeEcsNetwork.attachment(count)) : List.of())
                .containers(containers(order.definition(), arn))
                .build();
    }

    /** A task with what the request and the definition say. */
    private static Task.Builder asked(Order order) {
        RunTaskRequest request = order.request();
        TaskDefinition definition = order.definition();
        return Task.builder()
                .taskDefinitionArn(definition.taskDefinitionArn())
                .launchType(order.isOnFargate() ? LaunchType.FARGATE : LaunchType.EC2)
                .capacityProviderName(providerOf(request))
                .group(order.group())
                .startedBy(request.startedBy())
                .overrides(request.overrides())
                .enableExecuteCommand(Boolean.TRUE.equals(request.enableExecuteCommand()))
                .tags(request.tags())
                .cpu(Integer.toString(order.needs().cpu()))
                .memory(Integer.toString(order.needs().memory()));
    }

    private static List<Container> containers(TaskDefinition definition, String taskArn) {
        List<Container> containers = new ArrayList<>();
        for (ContainerDefinition each : definition.containerDefinitions()) {
            containers.add(Container.builder()
                    .containerArn(taskArn.replace(":task/", ":container/") + "/" + each.name())
                    .taskArn(taskArn)
                    .name(each.name())
                    .image(each.image())
                    .lastStatus("PENDING")
                    .healthStatus(HealthStatus.UNKNOWN)
                    .build());
        }
        return containers;
    }

    private static @Nullable String zoneOf(ContainerInstance instance) {
        return instance.attributes().stream()
                .filter(each -> "ecs.availability-zone".equals(each.name()))
                .map(Attribute::value)
                .findFirst()
                .orElse(null);
    }
}
