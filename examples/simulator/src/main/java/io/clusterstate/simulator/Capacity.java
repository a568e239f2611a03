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

    /** The free CPU units. */
    int cpu() {
        return cpu;
    }

    /** The free memory, in MiB. */
    int memory() {
        return memory;
    }

    /** The reason, in ECS's words, why a task does not fit now; empty if it fits. */
    Optional<String> lacking(TaskTemplate template) {
        if (template.cpu() > cpu) {
            return Optional.of("RESOURCE:CPU");
        }
        if (template.memory() > memory) {
            return Optional.of("RESOURCE:MEMORY");
        }
        if (template.gpus() > gpus.size()) {
            return Optional.of("RESOURCE:GPU");
        }
        return isPortTaken(template) ? Optional.of("RESOURCE:PORTS") : Optional.empty();
    }

    private boolean isPortTaken(TaskTemplate template) {
        if (template.awsvpc()) {
            return false;
        }
        for (var part : template.parts()) {
            for (var port : part.ports()) {
                if (port.host() > 0 && takenPorts(port).contains(String.valueOf(port.host()))) {
                    return true;
                }
            }
        }
        return false;
    }

    Claim claim(TaskTemplate template) {
        cpu -= template.cpu();
        memory -= template.memory();
        var taken = List.copyOf(gpus.subList(0, template.gpus()));
        gpus.removeAll(taken);
        var ports = new ArrayList<List<Integer>>();
        for (var part : template.parts()) {
            ports.add(
                    template.awsvpc()
                            ? List.of()
                            : part.ports().stream().map(this::takePort).toList());
        }
        return new Claim(template, ports, taken);
    }

    void release(Claim claim) {
        var template = claim.template();
        cpu += template.cpu();
        memory += template.memory();
        gpus.addAll(claim.gpus());
        for (int i = 0; i < template.parts().size(); i++) {
            var hostPorts = claim.hostPorts().get(i);
            for (int j = 0; j < hostPorts.size(); j++) {
                takenPorts(template.parts().get(i).ports().get(j)).remove(String.valueOf(hostPorts.get(j)));
            }
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

    private Set<String> takenPorts(TaskTemplate.Port port) {
        return port.udp() ? udpPorts : tcpPorts;
    }

    private int takePort(TaskTemplate.Port wanted) {
        var ports = takenPorts(wanted);
        if (wanted.host() > 0) {
            ports.add(String.valueOf(wanted.host()));
            return wanted.host();
        }
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
     * @param hostPorts the host ports of each container, in the order of its port mappings; none with awsvpc
     * @param gpus the ids of the task's GPUs
     */
    record Claim(TaskTemplate template, List<List<Integer>> hostPorts, List<String> gpus) {
        Claim {
            hostPorts = List.copyOf(hostPorts);
        }
    }
}
