package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Resource;

/** What one host has left: tasks take a {@link Claim} of it and give that back. */
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

    /** The reason, as ECS spells it, why a task would not fit now; empty if it fits. */
    Optional<String> lacking(Blueprint blueprint) {
        if (blueprint.cpu() > cpu) {
            return Optional.of("RESOURCE:CPU");
        }
        if (blueprint.memory() > memory) {
            return Optional.of("RESOURCE:MEMORY");
        }
        return blueprint.gpus() > gpus.size() ? Optional.of("RESOURCE:GPU") : Optional.empty();
    }

    Claim claim(Blueprint blueprint) {
        cpu -= blueprint.cpu();
        memory -= blueprint.memory();
        var taken = List.copyOf(gpus.subList(0, blueprint.gpus()));
        gpus.removeAll(taken);
        var ports = new ArrayList<Integer>();
        for (var part : blueprint.parts()) {
            ports.add(blueprint.awsvpc() || part.port() == 0 ? 0 : takePort(part.udp() ? udpPorts : tcpPorts));
        }
        return new Claim(blueprint, ports, taken);
    }

    void release(Claim claim) {
        var blueprint = claim.blueprint();
        cpu += blueprint.cpu();
        memory += blueprint.memory();
        gpus.addAll(claim.gpus());
        for (int i = 0; i < blueprint.parts().size(); i++) {
            var ports = blueprint.parts().get(i).udp() ? udpPorts : tcpPorts;
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
     * What one task holds on its host.
     *
     * @param blueprint what it is a task of
     * @param hostPorts for each container the host port bound for it, 0 for none
     * @param gpus the ids of its GPUs
     */
    record Claim(Blueprint blueprint, List<Integer> hostPorts, List<String> gpus) {
        Claim {
            hostPorts = List.copyOf(hostPorts);
        }
    }
}
