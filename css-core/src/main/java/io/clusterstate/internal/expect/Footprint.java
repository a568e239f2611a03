package io.clusterstate.internal.expect;

import io.clusterstate.Requirement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * The resources that something takes on an instance.
 *
 * @param amounts the counted resources by ECS's name, such as {@code CPU}; absent if unknown
 * @param ports the TCP ports of the host
 * @param udpPorts the UDP ports of the host
 * @param gpuIds the ids of the GPUs that ECS has assigned
 * @param gpus the number of GPUs, those with ids included
 */
record Footprint(Map<String, Long> amounts, Set<String> ports, Set<String> udpPorts, Set<String> gpuIds, int gpus) {

    static final Footprint NONE = new Footprint(Map.of(), Set.of(), Set.of(), Set.of(), 0);

    static Footprint of(List<Requirement> needs) {
        Map<String, Long> amounts = new HashMap<>();
        Set<String> ports = new HashSet<>();
        Set<String> udpPorts = new HashSet<>();
        int gpus = 0;
        for (Requirement need : needs) {
            if (need instanceof Requirement.Amount amount) {
                amounts.merge(amount.resource(), (long) amount.least(), Long::sum);
            } else if (need instanceof Requirement.Port port) {
                (port.protocol() == TransportProtocol.UDP ? udpPorts : ports).add(Integer.toString(port.number()));
            } else if (need instanceof Requirement.Gpus some) {
                gpus += some.count();
            }
        }
        return new Footprint(Map.copyOf(amounts), Set.copyOf(ports), Set.copyOf(udpPorts), Set.of(), gpus);
    }

    /** This, with another's values where this knows none; ports of both. */
    Footprint or(Footprint fallback) {
        if (fallback.equals(NONE)) {
            return this;
        }
        Map<String, Long> known = new HashMap<>(fallback.amounts);
        known.putAll(amounts);
        return new Footprint(
                Map.copyOf(known),
                union(ports, fallback.ports),
                union(udpPorts, fallback.udpPorts),
                gpuIds,
                Math.max(gpus, fallback.gpus));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        if (other.isEmpty()) {
            return one;
        }
        Set<String> both = new HashSet<>(one);
        both.addAll(other);
        return Set.copyOf(both);
    }
}
