package io.clusterstate.simulator;

import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Attribute;

/**
 * A revision of a task definition, as far as it decides where and how its tasks run.
 *
 * @param family the family's name
 * @param revision the number of the revision, counted from 1 in each family
 * @param arn the ARN of this revision
 * @param networkMode {@code bridge}, {@code host}, {@code none} or {@code awsvpc}
 * @param fitsFargate whether Fargate can run it
 * @param cpu the CPU units of the whole task
 * @param memory the memory of the whole task, in MiB
 * @param parts the containers
 * @param needs the demands on an instance beside free resources
 */
record TaskTemplate(
        String family,
        int revision,
        String arn,
        String networkMode,
        boolean fitsFargate,
        int cpu,
        int memory,
        List<Part> parts,
        Needs needs) {

    TaskTemplate {
        parts = List.copyOf(parts);
    }

    /** Whether each task gets its own network interface. */
    boolean awsvpc() {
        return networkMode.equals("awsvpc");
    }

    /** The GPUs of the whole task. */
    int gpus() {
        return parts.stream().mapToInt(Part::gpus).sum();
    }

    /**
     * A container of a task definition.
     *
     * @param name the container's name
     * @param image the image with its tag
     * @param digest the digest that the tag resolves to
     * @param cpu the container's share of the CPU units
     * @param memory the container's memory limit in MiB; 0 for none
     * @param reservation the container's soft memory limit in MiB; 0 for none
     * @param gpus the container's GPUs
     * @param ports the port mappings
     * @param probed whether the container has a health check
     * @param essential whether its end ends the task
     */
    record Part(
            String name,
            String image,
            String digest,
            int cpu,
            int memory,
            int reservation,
            int gpus,
            List<Port> ports,
            boolean probed,
            boolean essential) {
        Part {
            ports = List.copyOf(ports);
        }

        Part asEssential() {
            return new Part(name, image, digest, cpu, memory, reservation, gpus, ports, probed, true);
        }

        /** The container port of the first mapping; 0 for none. */
        int firstPort() {
            return ports.isEmpty() ? 0 : ports.get(0).container();
        }
    }

    /**
     * A port mapping of a container.
     *
     * @param container the container port
     * @param host the host port; 0 for a dynamic one
     * @param udp whether the port is UDP
     * @param name the mapping's name; empty for none
     */
    record Port(int container, int host, boolean udp, String name) {
        String protocol() {
            return udp ? "udp" : "tcp";
        }
    }

    /**
     * The demands on an instance beside free resources.
     *
     * @param attributes the attributes that the instance has to have
     * @param members the tests of the member-of constraints of the task definition
     */
    record Needs(List<Attribute> attributes, List<Predicate<LiveHost>> members) {
        static final Needs NONE = new Needs(List.of(), List.of());

        Needs {
            attributes = List.copyOf(attributes);
            members = List.copyOf(members);
        }
    }
}
