package io.clusterstate;

import io.clusterstate.ecs.Capacity;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * A resource that an instance must have free, for {@link InstanceQuery#withFree}.
 *
 * <p>The free amount is the one that ECS last reported for the instance. It does not account for tasks that are being
 * placed at this moment.
 *
 * <p>Thread: immutable.
 *
 * @param resource ECS's name of the resource: {@code CPU}, {@code MEMORY}, {@code GPU}, {@code PORTS},
 *     {@code PORTS_UDP}
 * @param amount the least free amount, in ECS's unit of the resource; for {@code PORTS} and {@code PORTS_UDP}, the port
 *     number
 */
public record Requirement(String resource, int amount) {

    private static final int HIGHEST_PORT = 65_535;

    /**
     * A requirement for any resource that ECS counts.
     *
     * @param resource ECS's name of the resource
     * @param amount the least free amount; for ports, the port number
     * @throws IllegalArgumentException if the amount is negative, or not a valid port number
     */
    public Requirement {
        boolean isPort = isPort(resource);
        if (amount < (isPort ? 1 : 0) || (isPort && amount > HIGHEST_PORT)) {
            throw new IllegalArgumentException(
                    resource + ": " + amount + " (expected: " + (isPort ? "1 to " + HIGHEST_PORT : ">= 0") + ")");
        }
    }

    /**
     * Demands free CPU.
     *
     * @param units the CPU units; a core has 1,024
     * @return the requirement
     */
    public static Requirement cpu(int units) {
        return new Requirement("CPU", units);
    }

    /**
     * Demands free memory.
     *
     * @param mebibytes the memory in MiB
     * @return the requirement
     */
    public static Requirement memory(int mebibytes) {
        return new Requirement("MEMORY", mebibytes);
    }

    /**
     * Demands free GPUs.
     *
     * @param count the number of GPUs
     * @return the requirement
     */
    public static Requirement gpus(int count) {
        return new Requirement("GPU", count);
    }

    /**
     * Demands a free TCP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    public static Requirement port(int number) {
        return new Requirement("PORTS", number);
    }

    /**
     * Demands a free UDP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    public static Requirement udpPort(int number) {
        return new Requirement("PORTS_UDP", number);
    }

    /**
     * Whether an instance meets this requirement.
     *
     * @param instance any container instance
     * @return whether the resource is free
     */
    public boolean isMetBy(ContainerInstance instance) {
        List<Resource> free = instance.remainingResources();
        return switch (resource) {
            case "GPU" -> Capacity.members(free, resource).size() >= amount;
            case "PORTS", "PORTS_UDP" -> !Capacity.members(free, resource).contains(Integer.toString(amount));
            default -> Capacity.number(free, resource) >= amount;
        };
    }

    private static boolean isPort(String resource) {
        return resource.equals("PORTS") || resource.equals("PORTS_UDP");
    }
}
