package io.clusterstate.ecs;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * The resources of a container instance as plain numbers. For ports, ECS lists the taken numbers rather than the free
 * ones. Source: the ECS API reference, {@code ContainerInstance} and {@code Resource}.
 *
 * <p>ECS counts a resource as {@code INTEGER}, {@code LONG} or {@code DOUBLE}. Here it is an int: a fraction is rounded
 * down, and a number beyond the range of an int becomes the nearest int.
 *
 * <p>Thread: immutable.
 *
 * @param cpu the CPU units, of which a core has 1,024
 * @param memory the memory in MiB
 * @param takenPorts the TCP ports of the host that are reserved or in use
 * @param takenUdpPorts the UDP ports of the host that are reserved or in use
 * @param gpus the ids of the GPUs
 */
public record Capacity(int cpu, int memory, Set<String> takenPorts, Set<String> takenUdpPorts, Set<String> gpus) {

    /**
     * The total resources of an instance.
     *
     * @param instance any container instance
     * @return its registered resources
     */
    public static Capacity registered(ContainerInstance instance) {
        return of(instance.registeredResources());
    }

    /**
     * The free resources of an instance.
     *
     * @param instance any container instance
     * @return its remaining resources
     */
    public static Capacity remaining(ContainerInstance instance) {
        return of(instance.remainingResources());
    }

    /**
     * The amount of a numeric resource, of whichever numeric type.
     *
     * @param resources the list from ECS
     * @param name a name such as {@code CPU}
     * @return the amount as an int (see the class); 0 if it is not listed
     */
    public static int number(List<Resource> resources, String name) {
        for (Resource resource : resources) {
            Number value = name.equals(resource.name()) ? numberOf(resource) : null;
            if (value != null) {
                return (int) Math.floor(value.doubleValue()); // the cast clamps to the range of an int
            }
        }
        return 0;
    }

    /**
     * The members of a set resource.
     *
     * @param resources the list from ECS
     * @param name a name such as {@code PORTS}
     * @return its members; none if it is not listed
     */
    public static List<String> members(List<Resource> resources, String name) {
        for (Resource resource : resources) {
            if (name.equals(resource.name())) {
                return resource.stringSetValue();
            }
        }
        return List.of();
    }

    /** Reads the value that the type names: API answers set the other values to zero, events leave them out. */
    private static @Nullable Number numberOf(Resource resource) {
        if ("LONG".equals(resource.type())) {
            return resource.longValue();
        }
        if ("DOUBLE".equals(resource.type())) {
            return resource.doubleValue();
        }
        return resource.integerValue();
    }

    private static Capacity of(List<Resource> resources) {
        return new Capacity(
                number(resources, "CPU"),
                number(resources, "MEMORY"),
                Set.copyOf(members(resources, "PORTS")),
                Set.copyOf(members(resources, "PORTS_UDP")),
                Set.copyOf(members(resources, "GPU")));
    }
}
