package io.clusterstate.internal.expect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * Reads from a task what it takes on its instance. The size of the whole task counts before the sum over its
 * containers, an override before the definition, and of a container's memory the reservation before the limit. Source:
 * the ECS developer guide, "Reserving Amazon ECS Linux container instance memory"; the ECS API reference, {@code Task},
 * {@code Container} and {@code TaskOverride}.
 */
final class TaskFootprint {

    private TaskFootprint() {}

    /** The resources that the task takes; amounts that it does not show are absent. */
    static Footprint of(Task task) {
        Map<String, ContainerOverride> overrides = task.overrides() == null
                ? Map.of()
                : task.overrides().containerOverrides().stream()
                        .filter(each -> each.name() != null)
                        .collect(Collectors.toMap(ContainerOverride::name, each -> each, (first, second) -> second));
        Map<String, Long> amounts = new HashMap<>();
        put(amounts, "CPU", first(overridden(task, true), task.cpu()), sum(task, it -> cpu(it, overrides)));
        put(amounts, "MEMORY", first(overridden(task, false), task.memory()), sum(task, it -> memory(it, overrides)));
        Set<String> gpuIds = task.containers().stream()
                .flatMap(container -> container.gpuIds().stream())
                .collect(Collectors.toUnmodifiableSet());
        return new Footprint(Map.copyOf(amounts), ports(task, false), ports(task, true), gpuIds, gpuIds.size());
    }

    private static @Nullable String overridden(Task task, boolean isCpu) {
        if (task.overrides() == null) {
            return null;
        }
        return isCpu ? task.overrides().cpu() : task.overrides().memory();
    }

    private static void put(
            Map<String, Long> amounts, String resource, @Nullable Long ofTask, @Nullable Long ofContainers) {
        Long taken = (ofTask != null && ofTask > 0) || ofContainers == null ? ofTask : ofContainers;
        if (taken != null) {
            amounts.put(resource, taken);
        }
    }

    private static @Nullable Long sum(Task task, Function<Container, @Nullable Long> part) {
        Long sum = null;
        for (Container container : task.containers()) {
            Long own = part.apply(container);
            if (own != null) {
                sum = sum == null ? own : sum + own;
            }
        }
        return sum;
    }

    private static @Nullable Long cpu(Container container, Map<String, ContainerOverride> overrides) {
        ContainerOverride override = overrides.get(container.name());
        return override != null && override.cpu() != null ? Long.valueOf(override.cpu()) : number(container.cpu());
    }

    private static @Nullable Long memory(Container container, Map<String, ContainerOverride> overrides) {
        ContainerOverride override = overrides.get(container.name());
        if (override != null && override.memoryReservation() != null) {
            return Long.valueOf(override.memoryReservation());
        }
        Long reserved = number(container.memoryReservation());
        if (reserved == null && override != null && override.memory() != null) {
            return Long.valueOf(override.memory());
        }
        return reserved == null ? number(container.memory()) : reserved;
    }

    private static @Nullable Long first(@Nullable String one, @Nullable String other) {
        Long number = number(one);
        return number == null ? number(other) : number;
    }

    /** The number in a field that ECS types as a string; null for none, and for what events were seen to write. */
    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text.trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Set<String> ports(Task task, boolean isUdp) {
        Set<String> ports = new HashSet<>();
        for (Container container : task.containers()) {
            for (NetworkBinding binding : container.networkBindings()) {
                if (isUdp == (binding.protocol() == TransportProtocol.UDP)) {
                    ports.addAll(numbers(binding));
                }
            }
        }
        return Set.copyOf(ports);
    }

    private static List<String> numbers(NetworkBinding binding) {
        if (binding.hostPort() != null && binding.hostPort() > 0) {
            return List.of(Integer.toString(binding.hostPort()));
        }
        String range = binding.hostPortRange();
        int dash = range == null ? -1 : range.indexOf('-');
        Long from = dash < 0 ? null : number(range.substring(0, dash));
        Long to = dash < 0 ? null : number(range.substring(dash + 1));
        return from == null || to == null
                ? List.of()
                : IntStream.rangeClosed(from.intValue(), to.intValue())
                        .mapToObj(Integer::toString)
                        .toList();
    }
}
