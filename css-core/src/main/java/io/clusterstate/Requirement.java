package io.clusterstate;

import io.clusterstate.ecs.Capacity;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * Something that an instance must have free, for {@link InstanceQuery#withFree}.
 *
 * <p>What is free is what ECS last told of the instance; a task that is being placed at this moment is not counted.
 *
 * <p>Thread: immutable.
 *
 * @param resource ECS's name of the resource: {@code CPU}, {@code MEMORY}, {@code GPU}, {@code PORTS},
 *     {@code PORTS_UDP}
 * @param amount how much of it; for ports, which
 */
public record Requirement(String resource, int amount) {

    private static final int HIGHEST_PORT = 65_535;

    /**
     * A requirement of any resource that ECS counts.
     *
     * @param resource ECS's name of the resource
     * @param amount how much of it; for ports, which
     * @throws IllegalArgumentException if the amount is negative, or the port none
     */
    public Requirement {
        boolean isPort = isPort(resource);
        if (amount < (isPort ? 1 : 0) || (isPort && amount > HIGHEST_PORT)) {
            throw new IllegalArgumentException(
                    resource + ": " + amount + " (expected: " + (isPort ? "1 to " + HIGHEST_PORT : ">= 0") + ")");
        }
    }

    /**
     * Free CPU.
     *
     * @param units in CPU units, of which a core has 1,024
     * @return the requirement
     */
    public static Requirement cpu(int units) {
        return new Requirement("CPU", units);
    }

    /**
     * Free memory.
     *
     * @param mebibytes in MiB
     * @return the requirement
     */
    public static Requirement memory(int mebibytes) {
        return new Requirement("MEMORY", mebibytes);
    }

    /**
     * Free GPUs.
     *
     * @param count how many
     * @return the requirement
     */
    public static Requirement gpus(int count) {
        return new Requirement("GPU", count);
    }

    /**
     * A free TCP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    public static Requirement port(int number) {
        return new Requirement("PORTS", number);
    }

    /**
     * A free UDP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    public static Requirement udpPort(int number) {
        return new Requirement("PORTS_UDP", number);
    }

    /**
     * Whether an instance has this free.
     *
     * @param instance any container instance
     * @return true if it has
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
