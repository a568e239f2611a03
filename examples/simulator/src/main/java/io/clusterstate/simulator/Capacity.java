package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Resource;

/** The free resources of a host. A task holds a {@link Claim} on them until it stops. */
final class Capacity {
    private static final int FIRST_DYNAMIC_PORT = 32_768;
    private static final int LAST_DYNAMIC_PORT = 60_999;

    private final List<Resource> registered;
    private final Set<String> tcpPorts;
    private final Set<String> udpPorts;
    private final List<String> gpus;
    private int cpu;
    private int memory;
    private int nextPort = FIRST_DYNAMIC_PORT;

    Capacity(List<Resource> registered) {
        this.registered = List.copyOf(registered);
        this.cpu = Resources.numberOf(registered, "CPU");
        this.memory = Resources.numberOf(registered, "MEMORY");
        this.tcpPorts = new LinkedHashSet<>(Resources.setOf(registered, "PORTS"));
        this.udpPorts = new LinkedHashSet<>(Resources.setOf(registered, "PORTS_UDP"));
        this.gpus = new ArrayList<>(Resources.setOf(registered, "GPU"));
    }

    /** The reason, in ECS's words, why a task does not fit now; empty if it fits. */
    Optional<String> lacking(TaskTemplate template) {
        if (template.cpu() > cpu) {
            return Optional.of("RESOURCE:CPU");
        }
        if (template.memory() > memory) {
            return Optional.of("RESOURCE:MEMORY");
        }
        return template.gpus() > gpus.size() ? Optional.of("RESOURCE:GPU") : Optional.empty();
    }

    Claim claim(TaskTemplate template) {
        cpu -= template.cpu();
        memory -= template.memory();
        var taken = List.copyOf(gpus.subList(0, template.gpus()));
        gpus.removeAll(taken);
        var ports = new ArrayList<Integer>();
        for (var part : template.parts()) {
            ports.add(template.awsvpc() || part.port() == 0 ? 0 : takePort(part.udp() ? udpPorts : tcpPorts));
        }
        return new Claim(template, ports, taken);
    }

    void release(Claim claim) {
        var template = claim.template();
        cpu += template.cpu();
        memory += template.memory();
        gpus.addAll(claim.gpus());
        for (int i = 0; i < template.parts().size(); i++) {
            var ports = template.parts().get(i).udp() ? udpPorts : tcpPorts;
            ports.remove(String.valueOf(claim.hostPorts().get(i)));
        }
    }

    List<Resource> remaining() {
        var remaining = new ArrayList<Resource>(registered.size());
        for (var resource : registered) {
            remaining.add(
                    switch (resource.name()) {
                        case "CPU" -> Resources.number("CPU", cpu);
                        case "MEMORY" -> Resources.number("MEMORY", memory);
                        case "PORTS" -> Resources.set("PORTS", List.copyOf(tcpPorts));
                        case "PORTS_UDP" -> Resources.set("PORTS_UDP", List.copyOf(udpPorts));
                        case "GPU" -> Resources.set("GPU", List.copyOf(gpus));
                        default -> resource;
                    });
        }
        return remaining;
    }

    private int takePort(Set<String> ports) {
        int port = nextPort;
        while (!ports.add(String.valueOf(port))) {
            port = after(port);
        }
        nextPort = after(port);
        return port;
    }

    private static int after(int port) {
        return port == LAST_DYNAMIC_PORT ? FIRST_DYNAMIC_PORT : port + 1;
    }

    /**
     * The resources that a task holds on its host.
     *
     * @param template the task's template
     * @param hostPorts the host port of each container; 0 for none
     * @param gpus the ids of the task's GPUs
     */
    record Claim(TaskTemplate template, List<Integer> hostPorts, List<String> gpus) {
        Claim {
            hostPorts = List.copyOf(hostPorts);
        }
    }
}
