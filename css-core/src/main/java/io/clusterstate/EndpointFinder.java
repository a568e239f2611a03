package io.clusterstate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/** Finds the endpoints of one task. */
final class EndpointFinder {

    private static final String ALL_IPV4 = "0.0.0.0";
    private static final String ALL_IPV6 = "::";

    private final Task task;
    private final Snapshot snapshot;
    private final InstanceAddresses addresses;
    private final Optional<TaskDefinition> definition;
    private final List<Endpoint> known = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    /** A port of the host. The address is empty if the port is bound to all of the host's. */
    private record HostPort(String container, int number, TransportProtocol protocol, String address) {}

    EndpointFinder(Task task, Snapshot snapshot, InstanceAddresses addresses) {
        this.task = task;
        this.snapshot = snapshot;
        this.addresses = addresses;
        this.definition = snapshot.definition(task);
    }

    List<Endpoint> known() {
        return known;
    }

    List<String> unknown() {
        return unknown;
    }

    void numbered(int port) {
        List<MappedPort> mapped =
                definition.map(each -> MappedPort.numbered(each, port)).orElse(List.of());
        find(mapped.isEmpty() ? List.of(MappedPort.any(port)) : mapped);
    }

    void named(String name) {
        if (definition.isEmpty()) {
            unknown.add("port: " + name + ", and " + noDefinition());
            return;
        }
        List<MappedPort> mapped = MappedPort.named(definition.get(), name);
        if (mapped.isEmpty()) {
            unknown.add("port: " + name + " (expected: the name of a single port in " + task.taskDefinitionArn() + ", "
                    + MappedPort.names(definition.get()) + ")");
        }
        find(mapped);
    }

    private void find(List<MappedPort> ports) {
        Optional<TaskAddress> own = TaskAddress.of(task);
        for (MappedPort port : ports) {
            if (own.isPresent()) {
                atOwnAddress(port, own.get());
            } else {
                onHost(port);
            }
        }
    }

    private void atOwnAddress(MappedPort port, TaskAddress own) {
        Optional<String> address = own.ipv4().or(own::ipv6);
        if (address.isEmpty()) {
            unknown.add("network interface: no address (expected: one, once ECS reports it)");
            return;
        }
        known.add(endpoint(port.container(), address.get(), own.ipv6(), port.number(), port.protocol()));
    }

    private void onHost(MappedPort port) {
        Set<HostPort> bound = bound(port);
        if (bound.isEmpty()) {
            unknown.add(noBinding(port.number()));
        }
        for (HostPort each : bound) {
            String address = each.address().isEmpty() ? instanceAddress() : each.address();
            if (address != null) {
                known.add(endpoint(
                        Optional.of(each.container()),
                        address,
                        Optional.empty(),
                        each.number(),
                        Optional.of(each.protocol())));
            }
        }
    }

    /** The host's ports of a container's port. */
    private Set<HostPort> bound(MappedPort port) {
        Set<HostPort> bound = new LinkedHashSet<>();
        for (Container container : task.containers()) {
            if (port.container().isEmpty() || port.container().get().equals(container.name())) {
                bindings(container).forEach(binding -> hostPort(binding, port)
                        .ifPresent(number -> bound.add(new HostPort(
                                container.name(),
                                number,
                                MappedPort.protocolOf(binding.protocol()),
                                addressIn(binding)))));
            }
        }
        if (bound.isEmpty() && isInNetworkOfHost() && port.container().isPresent()) {
            TransportProtocol protocol = port.protocol().orElse(TransportProtocol.TCP);
            bound.add(new HostPort(port.container().get(), port.number(), protocol, ""));
        }
        return bound;
    }

    /**
     * The bindings of a container. Docker binds IPv4 and IPv6 apart, sometimes to two ports. Of such a pair only the
     * binding that serves the instance's address counts, which is an IPv4 address unless it is known to be none.
     */
    private Stream<NetworkBinding> bindings(Container container) {
        boolean isIpv6 = ec2Id().flatMap(addresses::of)
                .filter(address -> address.indexOf(':') >= 0)
                .isPresent();
        String own = isIpv6 ? ALL_IPV6 : ALL_IPV4;
        String other = isIpv6 ? ALL_IPV4 : ALL_IPV6;
        return container.networkBindings().stream()
                .filter(binding -> !other.equals(binding.bindIP())
                        || container.networkBindings().stream().noneMatch(each -> isTwin(each, binding, own)));
    }

    /** Whether a binding is another one but for the address, which is a given one, and the host's ports. */
    private static boolean isTwin(NetworkBinding each, NetworkBinding other, String address) {
        return address.equals(each.bindIP())
                && each.equals(other.toBuilder()
                        .bindIP(address)
                        .hostPort(each.hostPort())
                        .hostPortRange(each.hostPortRange())
                        .build());
    }

    private static Optional<Integer> hostPort(NetworkBinding binding, MappedPort port) {
        if (port.protocol().isPresent() && port.protocol().get() != MappedPort.protocolOf(binding.protocol())) {
            return Optional.empty();
        }
        Integer single = binding.containerPort();
        if (single != null) {
            return single == port.number() ? Optional.ofNullable(binding.hostPort()) : Optional.empty();
        }
        return PortRange.parse(binding.containerPortRange()).flatMap(inside -> PortRange.parse(binding.hostPortRange())
                .flatMap(outside -> inside.counterpart(port.number(), outside)));
    }

    private static String addressIn(NetworkBinding binding) {
        String address = binding.bindIP();
        return address == null || address.equals(ALL_IPV4) || address.equals(ALL_IPV6) ? "" : address;
    }

    private boolean isInNetworkOfHost() {
        return definition.isPresent() && definition.get().networkMode() == NetworkMode.HOST;
    }

    private Optional<String> ec2Id() {
        String arn = task.containerInstanceArn();
        return arn == null ? Optional.empty() : snapshot.instance(arn).map(ContainerInstance::ec2InstanceId);
    }

    private @Nullable String instanceAddress() {
        Optional<String> id = ec2Id();
        if (id.isEmpty()) {
            unknown.add("instance: " + task.containerInstanceArn()
                    + " (expected: an instance in the view, with its EC2 id)");
            return null;
        }
        Optional<String> address = addresses.of(id.get());
        if (address.isEmpty()) {
            unknown.add("address of " + id.get() + ": unknown (expected: one in InstanceAddresses, after a refresh)");
        }
        return address.orElse(null);
    }

    private String noBinding(int port) {
        List<Integer> bound = task.containers().stream()
                .flatMap(container -> container.networkBindings().stream())
                .map(NetworkBinding::containerPort)
                .filter(each -> each != null)
                .distinct()
                .toList();
        return bound.isEmpty() && definition.isEmpty()
                ? "port: " + port + ", and " + noDefinition()
                : "port: " + port + " (expected: a bound port, " + bound + ")";
    }

    private String noDefinition() {
        return "the definition is not in the view: " + task.taskDefinitionArn()
                + " (expected: a mirror with taskDefinitions, a moment after the task has shown)";
    }

    private Endpoint endpoint(
            Optional<String> container,
            String address,
            Optional<String> ipv6,
            int port,
            Optional<TransportProtocol> protocol) {
        HealthStatus health = task.healthStatus() == null ? HealthStatus.UNKNOWN : task.healthStatus();
        return new Endpoint(task, container, address, ipv6, port, protocol, health);
    }
}
