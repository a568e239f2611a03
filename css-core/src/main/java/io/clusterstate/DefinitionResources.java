package io.clusterstate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/** Reads from a task definition what ECS reserves for a task of it. */
final class DefinitionResources {

    private DefinitionResources() {}

    static List<Requirement> of(TaskDefinition definition) {
        List<Requirement> reserved = new ArrayList<>();
        int cpu = amount("cpu", definition.cpu(), definition, DefinitionResources::cpuOf);
        int memory = amount("memory", definition.memory(), definition, DefinitionResources::memoryOf);
        int gpus = sum(definition, DefinitionResources::gpusOf);
        if (cpu > 0) {
            reserved.add(Requirement.cpu(cpu));
        }
        if (memory > 0) {
            reserved.add(Requirement.memory(memory));
        }
        if (gpus > 0) {
            reserved.add(Requirement.gpus(gpus));
        }
        ports(definition).distinct().forEach(reserved::add);
        return List.copyOf(reserved);
    }

    private static int amount(
            String name, @Nullable String ofTask, TaskDefinition definition, ToIntFunction<ContainerDefinition> part) {
        return ofTask == null || ofTask.isEmpty() ? sum(definition, part) : number(name, ofTask);
    }

    private static int sum(TaskDefinition definition, ToIntFunction<ContainerDefinition> part) {
        return definition.containerDefinitions().stream().mapToInt(part).sum();
    }

    private static int cpuOf(ContainerDefinition container) {
        Integer units = container.cpu();
        return units == null ? 0 : units;
    }

    private static int memoryOf(ContainerDefinition container) {
        Integer reserved = container.memoryReservation();
        Integer limit = container.memory();
        if (reserved != null && reserved > 0) {
            return reserved;
        }
        return limit == null ? 0 : limit;
    }

    private static int gpusOf(ContainerDefinition container) {
        return container.resourceRequirements().stream()
                .filter(each -> each.type() == ResourceType.GPU)
                .mapToInt(each -> number("GPU", each.value()))
                .sum();
    }

    private static Stream<Requirement.Port> ports(TaskDefinition definition) {
        boolean isOfHost = definition.networkMode() == NetworkMode.HOST;
        boolean isBridged = definition.networkMode() == null || definition.networkMode() == NetworkMode.BRIDGE;
        if (!isOfHost && !isBridged) {
            return Stream.empty();
        }
        return definition.containerDefinitions().stream()
                .flatMap(container -> container.portMappings().stream())
                .flatMap(mapping -> port(mapping, isOfHost ? mapping.containerPort() : mapping.hostPort()));
    }

    /** The port in a mapping; none for a dynamic port, which ECS writes as 0 or leaves out. */
    private static Stream<Requirement.Port> port(PortMapping mapping, @Nullable Integer number) {
        if (number == null || number == 0) {
            return Stream.empty();
        }
        return Stream.of(
                mapping.protocol() == TransportProtocol.UDP ? Requirement.udpPort(number) : Requirement.port(number));
    }

    private static int number(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + ": " + text + " (expected: a whole number, as ECS describes it)", e);
        }
    }
}
