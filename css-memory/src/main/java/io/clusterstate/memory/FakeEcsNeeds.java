package io.clusterstate.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * The resources that a task takes of its instance. The sizes of the whole task count if they are set, and else the sums
 * of its containers; a container's soft limit of memory counts before its hard limit. Source: the ECS API reference,
 * {@code TaskDefinition} and {@code ContainerDefinition}.
 *
 * @param cpu the CPU units
 * @param memory the memory in MiB
 * @param gpus the number of GPUs
 * @param tcpPorts the TCP ports of the host that the definition fixes
 * @param udpPorts the UDP ports of the host that the definition fixes
 */
record FakeEcsNeeds(int cpu, int memory, int gpus, List<String> tcpPorts, List<String> udpPorts) {

    private static final int IN_UNIT = 1024;

    static FakeEcsNeeds of(TaskDefinition definition, @Nullable TaskOverride asked) {
        TaskOverride override = asked == null ? TaskOverride.builder().build() : asked;
        int cpu = 0;
        int memory = 0;
        int gpus = 0;
        for (ContainerDefinition container : definition.containerDefinitions()) {
            ContainerOverride own = of(container, override);
            cpu += first(own.cpu(), container.cpu());
            memory += first(own.memoryReservation(), container.memoryReservation(), own.memory(), container.memory());
            gpus += gpus(container);
        }
        return new FakeEcsNeeds(
                size(override.cpu(), definition.cpu(), "vCPU", cpu),
                size(override.memory(), definition.memory(), "GB", memory),
                gpus,
                ports(definition, false),
                ports(definition, true));
    }

    private static ContainerOverride of(ContainerDefinition container, TaskOverride override) {
        return override.containerOverrides().stream()
                .filter(each -> each.name().equals(container.name()))
                .findFirst()
                .orElseGet(() -> ContainerOverride.builder().build());
    }

    /**
     * The size of a whole task, in ECS's unit or in words, as {@code 1 vCPU} and {@code 2 GB}; else that of its parts.
     */
    private static int size(@Nullable String override, @Nullable String defined, String unit, int ofParts) {
        String text = override == null ? defined : override;
        if (text == null) {
            return ofParts;
        }
        String number = text.replaceFirst("(?i)\\s*" + unit + "$", "");
        try {
            return number.equals(text) ? Integer.parseInt(number) : (int) (Double.parseDouble(number) * IN_UNIT);
        } catch (NumberFormatException e) {
            throw FakeEcsErrors.client("size of the task: " + text + " (expected: an integer, or as 2 " + unit + ")");
        }
    }

    private static int gpus(ContainerDefinition container) {
        return container.resourceRequirements().stream()
                .filter(each -> each.type() == ResourceType.GPU)
                .mapToInt(each -> Integer.parseInt(each.value()))
                .sum();
    }

    private static List<String> ports(TaskDefinition definition, boolean ofUdp) {
        List<String> ports = new ArrayList<>();
        for (ContainerDefinition container : definition.containerDefinitions()) {
            for (PortMapping mapping : container.portMappings()) {
                int port = hostPort(definition.networkMode(), mapping);
                if (port > 0 && (mapping.protocol() == TransportProtocol.UDP) == ofUdp) {
                    ports.add(Integer.toString(port));
                }
            }
        }
        return List.copyOf(ports);
    }

    /** The fixed host port; 0 for a port that is assigned at the start, and for a task with its own interface. */
    static int hostPort(@Nullable NetworkMode mode, PortMapping mapping) {
        if (mode == NetworkMode.AWSVPC || mode == NetworkMode.NONE) {
            return 0;
        }
        return mode == NetworkMode.HOST ? first(mapping.containerPort()) : first(mapping.hostPort());
    }

    private static int first(@Nullable Integer... candidates) {
        for (Integer candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return 0;
    }
}
