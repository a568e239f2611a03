package io.clusterstate;

import io.clusterstate.ecs.Capacity;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * A resource that an instance must have free, for {@link InstanceQuery#withFree}: an amount, a port, or GPUs.
 *
 * <p>The free amount is the one that ECS last reported for the instance. It does not account for tasks that are being
 * placed at this moment.
 *
 * <p>Thread: immutable.
 */
public sealed interface Requirement {

    /**
     * ECS's name of the resource.
     *
     * @return {@code CPU}, {@code MEMORY}, {@code GPU}, {@code PORTS}, {@code PORTS_UDP}, or the name of another
     *     counted resource
     */
    String resource();

    /**
     * Whether an instance meets this requirement.
     *
     * @param instance any container instance
     * @return whether the resource is free
     */
    boolean isMetBy(ContainerInstance instance);

    /**
     * Demands free CPU.
     *
     * @param units the CPU units; a core has 1,024
     * @return the requirement
     */
    static Amount cpu(int units) {
        return new Amount("CPU", units);
    }

    /**
     * Demands free memory.
     *
     * @param mebibytes the memory in MiB
     * @return the requirement
     */
    static Amount memory(int mebibytes) {
        return new Amount("MEMORY", mebibytes);
    }

    /**
     * Demands free GPUs.
     *
     * @param count the number of GPUs
     * @return the requirement
     */
    static Gpus gpus(int count) {
        return new Gpus(count);
    }

    /**
     * Demands a free TCP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    static Port port(int number) {
        return new Port(number, TransportProtocol.TCP);
    }

    /**
     * Demands a free UDP port of the host.
     *
     * @param number the port
     * @return the requirement
     */
    static Port udpPort(int number) {
        return new Port(number, TransportProtocol.UDP);
    }

    /**
     * The resources that ECS reserves on an instance for one task of a definition, without the overrides of a RunTask
     * call. Absent from the list is what no instance reports as a free resource: network interfaces, volumes and
     * attributes.
     *
     * <ul>
     *   <li>CPU and memory: of the task; where it names none, the sum over its containers, of whose memory the
     *       reservation counts before the limit.
     *   <li>GPUs: the sum over the containers.
     *   <li>Ports: the fixed ports of the host, in the network modes {@code bridge} and {@code host}. A dynamic port
     *       and a port range have none that is known beforehand; with {@code awsvpc} the task has an address of its
     *       own.
     * </ul>
     *
     * <p>Source: the ECS API reference, {@code TaskDefinition}, {@code ContainerDefinition} and {@code PortMapping}.
     *
     * @param definition a task definition as ECS describes it
     * @return CPU, memory, GPUs and ports, in this order; without those of which the task needs none
     * @throws IllegalArgumentException if an amount is no whole number; ECS describes amounts such as {@code 1 vCPU} in
     *     CPU units and MiB
     */
    static List<Requirement> of(TaskDefinition definition) {
        return DefinitionResources.of(definition);
    }

    /**
     * An amount of a resource that ECS counts.
     *
     * @param resource ECS's name of the resource, such as {@code CPU}
     * @param least the least free amount, in ECS's unit of the resource
     */
    record Amount(String resource, int least) implements Requirement {

        /**
         * A requirement for any counted resource.
         *
         * @param resource ECS's name of the resource
         * @param least the least free amount
         * @throws IllegalArgumentException if the amount is negative, or the resource is not counted
         */
        public Amount {
            if (List.of("PORTS", "PORTS_UDP", "GPU").contains(resource)) {
                throw new IllegalArgumentException("resource: " + resource
                        + " (expected: a counted resource; Requirement.port, udpPort and gpus are for the others)");
            }
            Requirement.requireNotNegative(resource, least);
        }

        @Override
        public boolean isMetBy(ContainerInstance instance) {
            return Capacity.number(instance.remainingResources(), resource) >= least;
        }

        @Override
        public String toString() {
            return resource + " " + least;
        }
    }

    /**
     * A port of the host that is neither reserved nor in use.
     *
     * @param number the port
     * @param protocol TCP or UDP
     */
    record Port(int number, TransportProtocol protocol) implements Requirement {

        private static final int HIGHEST = 65_535;

        /**
         * A requirement for a port.
         *
         * @param number the port
         * @param protocol TCP or UDP
         * @throws IllegalArgumentException if the number is no port, or the protocol is neither
         */
        public Port {
            if (number < 1 || number > HIGHEST) {
                throw new IllegalArgumentException("port: " + number + " (expected: 1 to " + HIGHEST + ")");
            }
            if (protocol != TransportProtocol.TCP && protocol != TransportProtocol.UDP) {
                throw new IllegalArgumentException("protocol: " + protocol + " (expected: tcp or udp)");
            }
        }

        @Override
        public String resource() {
            return protocol == TransportProtocol.UDP ? "PORTS_UDP" : "PORTS";
        }

        @Override
        public boolean isMetBy(ContainerInstance instance) {
            return !Capacity.members(instance.remainingResources(), resource()).contains(Integer.toString(number));
        }

        @Override
        public String toString() {
            return protocol + " port " + number;
        }
    }

    /**
     * A number of GPUs.
     *
     * @param count the number
     */
    record Gpus(int count) implements Requirement {

        /**
         * A requirement for GPUs.
         *
         * @param count the number
         * @throws IllegalArgumentException if it is negative
         */
        public Gpus {
            Requirement.requireNotNegative("GPU", count);
        }

        @Override
        public String resource() {
            return "GPU";
        }

        @Override
        public boolean isMetBy(ContainerInstance instance) {
            return Capacity.members(instance.remainingResources(), "GPU").size() >= count;
        }

        @Override
        public String toString() {
            return "GPU " + count;
        }
    }

    private static void requireNotNegative(String resource, int amount) {
        if (amount < 0) {
            throw new IllegalArgumentException(resource + ": " + amount + " (expected: >= 0)");
        }
    }
}
