package io.clusterstate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The addresses and ports at which the tasks of one {@link Snapshot} receive traffic, of those tasks that run and are
 * not being stopped.
 *
 * <ul>
 *   <li>{@code awsvpc}: the private address of the task's network interface, and the container's port. Any port is
 *       served, mapped or not, since the interface filters none.
 *   <li>{@code bridge}: the host's port that ECS reports as bound, fixed or dynamic; in a port range, the port at the
 *       same place in the host's range. The address is the one that the port is bound to, or else the instance's.
 *   <li>{@code host}: the container's port at the instance's address.
 * </ul>
 *
 * <p>ECS does not report the address of an instance: {@link InstanceAddresses} holds those that the host application
 * has resolved. Names of ports, and the mode {@code host}, are in the task definitions alone
 * ({@link Snapshot#definition}). {@link EndpointList#unknown()} lists the missing ones.
 *
 * <p>Source: the ECS API reference, {@code NetworkBinding}, {@code NetworkInterface} and {@code PortMapping}.
 *
 * <p><b>Cost</b>: as the query over the tasks, then in proportion to the running tasks.
 *
 * <p>Thread: immutable, but {@link InstanceAddresses} may learn addresses. Blocks: never.
 */
public final class Endpoints {

    private final Snapshot snapshot;
    private final InstanceAddresses addresses;
    private final TaskQuery tasks;
    private final @Nullable String missing;

    private Endpoints(Snapshot snapshot, InstanceAddresses addresses, TaskQuery tasks, @Nullable String missing) {
        this.snapshot = snapshot;
        this.addresses = addresses;
        this.tasks = tasks;
        this.missing = missing;
    }

    static Endpoints of(Snapshot snapshot, InstanceAddresses addresses) {
        return new Endpoints(snapshot, addresses, snapshot.tasks(), null);
    }

    /**
     * Chooses the tasks of a service, in place of any earlier choice. If the view does not have the service, no
     * endpoint is known, and {@link EndpointList#unknown()} says so.
     *
     * @param arnOrName the service's ARN, its name, or {@code CLUSTER/NAME}
     * @return the endpoints of these tasks
     * @throws IllegalArgumentException if several clusters have a service of this name
     */
    public Endpoints ofService(String arnOrName) {
        return snapshot.service(arnOrName)
                .map(this::ofService)
                .orElseGet(() -> new Endpoints(
                        snapshot, addresses, tasks, "service: " + arnOrName + " (expected: a service in the view)"));
    }

    private Endpoints ofService(Service service) {
        TaskQuery own = snapshot.tasks().ofService(service.serviceArn());
        return of(service.clusterArn() == null ? own : own.in(service.clusterArn()));
    }

    /**
     * Chooses the tasks of a query, in place of any earlier choice, such as {@code snapshot.tasks().family("web")}, for
     * tasks without a service.
     *
     * @param query a query of the same snapshot
     * @return the endpoints of these tasks
     */
    public Endpoints of(TaskQuery query) {
        return new Endpoints(snapshot, addresses, query, null);
    }

    /**
     * The endpoints of a port, over TCP and UDP.
     *
     * @param containerPort the port inside the container
     * @return the endpoints
     * @throws IllegalArgumentException if the number is no port
     */
    public EndpointList port(int containerPort) {
        Requirement.port(containerPort);
        return list(finder -> finder.numbered(containerPort));
    }

    /**
     * The endpoints of a named port.
     *
     * @param name the name of a port mapping in the task definition
     * @return the endpoints; all are unknown if the view does not hold the definitions
     */
    public EndpointList port(String name) {
        return list(finder -> finder.named(name));
    }

    private EndpointList list(Consumer<EndpointFinder> search) {
        if (missing != null) {
            return new EndpointList(List.of(), List.of(new EndpointList.Unknown(Optional.empty(), missing)));
        }
        List<Endpoint> known = new ArrayList<>();
        List<EndpointList.Unknown> unknown = new ArrayList<>();
        for (Task task : tasks.status(TaskStatus.RUNNING)
                .desiredStatus(DesiredStatus.RUNNING)
                .list()) {
            EndpointFinder finder = new EndpointFinder(task, snapshot, addresses);
            search.accept(finder);
            known.addAll(finder.known());
            finder.unknown().forEach(reason -> unknown.add(new EndpointList.Unknown(Optional.of(task), reason)));
        }
        return new EndpointList(List.copyOf(known), List.copyOf(unknown));
    }
}
