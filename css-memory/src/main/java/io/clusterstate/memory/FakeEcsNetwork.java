package io.clusterstate.memory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * The network interfaces and port bindings of a fake ECS's tasks. The addresses count up from 10.0.0.1, and the ports
 * that a host assigns from 32768.
 */
final class FakeEcsNetwork {

    /** The ports of which a host assigns one where a definition fixes none: its ephemeral ports. */
    private static final int FIRST_PORT = 32_768;

    private static final int PORTS = 28_232;

    private FakeEcsNetwork() {}

    /**
     * The bindings of a running container on the bridge of its host. Source: the ECS API reference,
     * {@code PortMapping}.
     *
     * @param starts gives the next number for a port that the host assigns
     */
    static List<NetworkBinding> bindings(TaskDefinition definition, String container, LongSupplier starts) {
        NetworkMode mode = definition.networkMode();
        return mode != null && mode != NetworkMode.BRIDGE
                ? List.of()
                : definition.containerDefinitions().stream()
                        .filter(each -> container.equals(each.name()))
                        .flatMap(each -> each.portMappings().stream())
                        .filter(mapping -> mapping.containerPort() != null)
                        .map(mapping -> binding(mapping, FakeEcsNeeds.hostPort(mode, mapping), starts))
                        .toList();
    }

    private static NetworkBinding binding(PortMapping mapping, int fixed, LongSupplier starts) {
        return NetworkBinding.builder()
                .bindIP("0.0.0.0")
                .containerPort(mapping.containerPort())
                .hostPort(fixed > 0 ? fixed : FIRST_PORT + (int) (starts.getAsLong() % PORTS))
                .protocol(mapping.protocol() == null ? TransportProtocol.TCP : mapping.protocol())
                .build();
    }

    /** The attachment of the task with that number, in the shape of {@code DescribeTasks}. */
    static Attachment attachment(long number) {
        Map<String, String> details = new TreeMap<>(Map.of(
                "networkInterfaceId", String.format("eni-%017x", number), "privateIPv4Address", address(number)));
        return Attachment.builder()
                .id(String.format("00000000-0000-4000-8000-%012x", number))
                .type("ElasticNetworkInterface")
                .status("ATTACHED")
                .details(details.entrySet().stream()
                        .map(each -> KeyValuePair.builder()
                                .name(each.getKey())
                                .value(each.getValue())
                                .build())
                        .toList())
                .build();
    }

    private static String address(long number) {
        return "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
