package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The fields that ECS tells in API answers and never in events: tags, health, and a few more. An event's value takes
 * them over from the last API answer. Source: the ECS developer guide, "Task state change events", beside the API
 * reference of {@code Task} and {@code ContainerInstance}.
 */
final class ApiOnlyFields {

    private ApiOnlyFields() {}

    /** The value {@code core} with the API-only fields of {@code described}. */
    static <T> T carry(EntityKind<T> kind, T core, T described) {
        Object carried = core;
        if (core instanceof Task task) {
            carried = carry(task, (Task) described);
        } else if (core instanceof ContainerInstance instance) {
            carried = carry(instance, (ContainerInstance) described);
        }
        return kind.type().cast(carried);
    }

    private static Task carry(Task core, Task described) {
        Task.Builder carried = core.toBuilder()
                .healthStatus(described.healthStatusAsString())
                .fargateEphemeralStorage(described.fargateEphemeralStorage());
        if (core.hasContainers()) {
            carried.containers(carry(core.containers(), described.containers()));
        }
        if (described.hasTags() || core.hasTags()) {
            carried.tags(described.tags());
        }
        if (described.hasInferenceAccelerators() || core.hasInferenceAccelerators()) {
            carried.inferenceAccelerators(described.inferenceAccelerators());
        }
        return carried.build();
    }

    private static List<Container> carry(List<Container> core, List<Container> described) {
        Map<String, String> healthByName = described.stream()
                .filter(container -> container.name() != null && container.healthStatus() != null)
                .collect(Collectors.toMap(Container::name, Container::healthStatusAsString, (first, second) -> first));
        return core.stream()
                .map(container -> withHealth(container, healthByName.get(container.name())))
                .toList();
    }

    private static Container withHealth(Container container, @Nullable String health) {
        return Objects.equals(container.healthStatusAsString(), health)
                ? container
                : container.toBuilder().healthStatus(health).build();
    }

    private static ContainerInstance carry(ContainerInstance core, ContainerInstance described) {
        ContainerInstance.Builder carried = core.toBuilder()
                .capacityProviderName(described.capacityProviderName())
                .healthStatus(described.healthStatus());
        if (described.hasTags() || core.hasTags()) {
            carried.tags(described.tags());
        }
        return carried.build();
    }
}
