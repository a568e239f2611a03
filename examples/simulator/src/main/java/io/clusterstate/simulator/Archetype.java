package io.clusterstate.simulator;

import java.util.List;
import java.util.stream.Stream;

/**
 * A pattern of task definitions, after which whole families are made. A family of its name always exists.
 *
 * @param name the name
 * @param networkMode {@code bridge} or {@code awsvpc}
 * @param cpu the CPU units of a task
 * @param memory the memory of a task, in MiB
 * @param parts the containers, without images
 */
record Archetype(String name, String networkMode, int cpu, int memory, List<TaskTemplate.Part> parts) {
    /** Tasks on the network of their hosts. */
    static final List<Archetype> BRIDGED = List.of(
            new Archetype("web", "bridge", 256, 512, part("nginx", "http", 80), part("app", "app", 8080)),
            new Archetype("worker", "bridge", 512, 1024, part("worker")),
            new Archetype("resolver", "bridge", 128, 256, datagrams("resolver", "dns", 53)));

    /** Tasks with their own network interfaces. */
    static final List<Archetype> INTERFACED = List.of(
            new Archetype("api", "awsvpc", 256, 512, part("api", "http", 8080), part("envoy", "admin", 9901)),
            new Archetype("batch", "awsvpc", 512, 1024, part("batch")),
            new Archetype(
                    "search",
                    "awsvpc",
                    1024,
                    2048,
                    part("search", "http", 9200),
                    part("indexer"),
                    part("logs", "logs", 24224)));

    /** Tasks that need a GPU. */
    static final List<Archetype> ACCELERATED = List.of(new Archetype("trainer", "bridge", 2048, 8192, gpu("trainer")));

    static final List<Archetype> ALL =
            Stream.of(BRIDGED, INTERFACED, ACCELERATED).flatMap(List::stream).toList();

    private static final int PROBED = 8080;

    Archetype {
        parts = List.copyOf(parts);
    }

    /** Makes the first container the only essential one. */
    private Archetype(
            String name,
            String networkMode,
            int cpu,
            int memory,
            TaskTemplate.Part first,
            TaskTemplate.Part... others) {
        this(
                name,
                networkMode,
                cpu,
                memory,
                Stream.concat(Stream.of(first.asEssential()), Stream.of(others)).toList());
    }

    /** Whether Fargate can run it. Fargate requires an own network interface, and has no GPUs. */
    boolean fitsFargate() {
        return networkMode.equals("awsvpc");
    }

    private static TaskTemplate.Part part(String name) {
        return container(name, 0, List.of(), false);
    }

    private static TaskTemplate.Part part(String name, String portName, int port) {
        return container(name, 0, List.of(new TaskTemplate.Port(port, 0, false, portName)), port == PROBED);
    }

    private static TaskTemplate.Part datagrams(String name, String portName, int port) {
        return container(name, 0, List.of(new TaskTemplate.Port(port, 0, true, portName)), false);
    }

    private static TaskTemplate.Part gpu(String name) {
        return container(name, 1, List.of(), false);
    }

    private static TaskTemplate.Part container(String name, int gpus, List<TaskTemplate.Port> ports, boolean probed) {
        return new TaskTemplate.Part(name, "", "", 0, 128, 0, gpus, ports, probed, false);
    }
}
