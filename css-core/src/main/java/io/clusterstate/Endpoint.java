package io.clusterstate;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * The address and port at which a running task receives traffic.
 *
 * <p>Thread: immutable.
 *
 * @param task the task
 * @param container the container's name; empty for a task with a network interface of its own whose definition is not
 *     in the view, or does not map the port
 * @param address a private IPv4 address, or the IPv6 address of a task that has no other
 * @param ipv6Address the IPv6 address of the task's own network interface, if it has one
 * @param port the port at that address: the host's port for the modes {@code bridge} and {@code host}, else the
 *     container's
 * @param protocol TCP or UDP; empty where the container is
 * @param health the task's health as of the last describe call, since events carry none ({@link Observed#describedAt});
 *     {@link HealthStatus#UNKNOWN} without a health check
 */
public record Endpoint(
        Task task,
        Optional<String> container,
        String address,
        Optional<String> ipv6Address,
        int port,
        Optional<TransportProtocol> protocol,
        HealthStatus health) {

    /** The endpoint as {@code address:port}, with an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
