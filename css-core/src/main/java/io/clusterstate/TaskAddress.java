package io.clusterstate;

import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The addresses of a task's own network interface. Source: the ECS API reference, {@code Attachment} and
 * {@code NetworkInterface}; the detail's name as DescribeTasks returns it.
 *
 * @param ipv4 the private IPv4 address
 * @param ipv6 the IPv6 address
 */
record TaskAddress(Optional<String> ipv4, Optional<String> ipv6) {

    private static final String INTERFACE = "ElasticNetworkInterface";

    /** The addresses; empty for a task in its host's network or behind its bridge. */
    static Optional<TaskAddress> of(Task task) {
        if (interfaces(task).findAny().isEmpty() && attachments(task).findAny().isEmpty()) {
            return Optional.empty();
        }
        Stream<String> attached = attachments(task)
                .flatMap(attachment -> attachment.details().stream())
                .filter(detail -> "privateIPv4Address".equals(detail.name()))
                .map(KeyValuePair::value);
        return Optional.of(new TaskAddress(
                first(Stream.concat(attached, interfaces(task).map(NetworkInterface::privateIpv4Address))),
                first(interfaces(task).map(NetworkInterface::ipv6Address))));
    }

    private static Stream<Attachment> attachments(Task task) {
        return task.attachments().stream().filter(attachment -> INTERFACE.equals(attachment.type()));
    }

    private static Stream<NetworkInterface> interfaces(Task task) {
        return task.containers().stream().flatMap(container -> container.networkInterfaces().stream());
    }

    private static Optional<String> first(Stream<String> addresses) {
        return addresses
                .filter(address -> address != null && !address.isEmpty())
                .findFirst();
    }
}
