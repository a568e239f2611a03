package io.clusterstate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * A port of a container, as far as it is known.
 *
 * @param container the container's name; empty if any container may have the port
 * @param number the port inside the container
 * @param protocol TCP or UDP; empty if it may be either
 */
record MappedPort(Optional<String> container, int number, Optional<TransportProtocol> protocol) {

    /** A port of which only the number is known. */
    static MappedPort any(int number) {
        return new MappedPort(Optional.empty(), number, Optional.empty());
    }

    /** The mappings of a port in a definition, also within ranges. */
    static List<MappedPort> numbered(TaskDefinition definition, int number) {
        return mapped(definition, mapping -> isAt(mapping, number), number).toList();
    }

    /** The mappings with a name in a definition; a range of ports has no single port, and is left out. */
    static List<MappedPort> named(TaskDefinition definition, String name) {
        return mapped(definition, mapping -> name.equals(mapping.name()) && mapping.containerPort() != null, 0)
                .toList();
    }

    /** The names of the mappings in a definition that have a single port. */
    static List<String> names(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .flatMap(container -> container.portMappings().stream())
                .filter(mapping -> mapping.containerPort() != null)
                .map(PortMapping::name)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Stream<MappedPort> mapped(TaskDefinition definition, Predicate<PortMapping> wanted, int inRange) {
        return definition.containerDefinitions().stream().flatMap(container -> container.portMappings().stream()
                .filter(wanted)
                .map(mapping -> new MappedPort(
                        Optional.ofNullable(container.name()),
                        mapping.containerPort() == null ? inRange : mapping.containerPort(),
                        Optional.of(protocolOf(mapping.protocol())))));
    }

    private static boolean isAt(PortMapping mapping, int number) {
        Integer single = mapping.containerPort();
        return single != null
                ? single == number
                : PortRange.parse(mapping.containerPortRange())
                        .filter(range -> range.contains(number))
                        .isPresent();
    }

    /** TCP is ECS's default. */
    static TransportProtocol protocolOf(@Nullable TransportProtocol protocol) {
        return protocol == null ? TransportProtocol.TCP : protocol;
    }
}
