package io.clusterstate.internal.expect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A sum of footprints. Thread: one thread. */
final class Taken {

    private final Map<String, Long> amounts = new HashMap<>();
    private final Set<String> ports = new HashSet<>();
    private final Set<String> udpPorts = new HashSet<>();
    private final Set<String> gpuIds = new HashSet<>();
    private int gpus;

    void add(Footprint footprint) {
        footprint.amounts().forEach((name, amount) -> amounts.merge(name, amount, Long::sum));
        ports.addAll(footprint.ports());
        udpPorts.addAll(footprint.udpPorts());
        gpuIds.addAll(footprint.gpuIds());
        gpus += footprint.gpus();
    }

    long amount(String resource) {
        return amounts.getOrDefault(resource, 0L);
    }

    Set<String> ports() {
        return ports;
    }

    Set<String> udpPorts() {
        return udpPorts;
    }

    Set<String> gpuIds() {
        return gpuIds;
    }

    int gpus() {
        return gpus;
    }
}
