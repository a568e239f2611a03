package io.clusterstate.ecs;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * The resources of a container instance, in plain numbers. ECS tells ports the other way round than the rest: the lists
 * name those that are taken. Source: the ECS API reference, {@code ContainerInstance} and {@code Resource}.
 *
 * <p>ECS counts a resource as {@code INTEGER}, {@code LONG} or {@code DOUBLE}. Here it is an int: a fraction is dropped
 * towards the smaller number, and a number that no int holds becomes the nearest int.
 *
 * <p>Thread: immutable.
 *
 * @param cpu in CPU units, of which a core has 1,024
 * @param memory in MiB
 * @param takenPorts the TCP ports of the host that are reserved or in use
 * @param takenUdpPorts the UDP ports of the host that are reserved or in use
 * @param gpus the ids of the GPUs
 */
public record Capacity(int cpu, int memory, Set<String> takenPorts, Set<String> takenUdpPorts, Set<String> gpus) {

    /**
     * What an instance has in all.
     *
     * @param instance any container instance
     * @return its registered resources
     */
    public static Capacity registered(ContainerInstance instance) {
        return of(instance.registeredResources());
    }

    /**
     * What an instance has left.
     *
     * @param instance any container instance
     * @return its remaining resources
     */
    public static Capacity remaining(ContainerInstance instance) {
        return of(instance.remainingResources());
    }

    /**
     * One number of a list of resources, whichever numeric type it has.
     *
     * @param resources as ECS lists them
     * @param name such as {@code CPU}
     * @return its value, as an int (see the class); 0 if it is not listed
     */
    public static int number(List<Resource> resources, String name) {
        for (Resource resource : resources) {
            Number value = name.equals(resource.name()) ? numberOf(resource) : null;
            if (value != null) {
                return (int) Math.floor(value.doubleValue()); // the cast keeps to the limits of an int
            }
        }
        return 0;
    }

    /**
     * One set of a list of resources.
     *
     * @param resources as ECS lists them
     * @param name such as {@code PORTS}
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

    /** By the type: the API's answers have zeros beside the value that it names, where events have that value alone. */
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
