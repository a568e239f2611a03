package io.clusterstate.memory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/** Takes resources of a container instance, and gives them back. All functions are pure. */
final class FakeEcsRoom {

    private FakeEcsRoom() {}

    /**
     * The resources that a task holds.
     *
     * @param needs the amounts and fixed ports
     * @param gpuIds the ids of its GPUs
     */
    record Claim(FakeEcsNeeds needs, List<String> gpuIds) {}

    /**
     * The reason why ECS does not start a task on an instance. Source: the ECS developer guide, "API failure reasons".
     * It names no reason for a draining instance; the fake gives that of a deregistered one.
     */
    static Optional<String> refusal(ContainerInstance instance, FakeEcsNeeds needs) {
        if (!"ACTIVE".equals(instance.status())) {
            return Optional.of("INACTIVE");
        }
        return Boolean.TRUE.equals(instance.agentConnected()) ? lacking(instance, needs) : Optional.of("AGENT");
    }

    private static Optional<String> lacking(ContainerInstance instance, FakeEcsNeeds needs) {
        if (number(instance, "CPU") < needs.cpu()) {
            return Optional.of("RESOURCE:CPU");
        }
        if (number(instance, "MEMORY") < needs.memory()) {
            return Optional.of("RESOURCE:MEMORY");
        }
        if (members(instance, "GPU").size() < needs.gpus()) {
            return Optional.of("RESOURCE:GPU");
        }
        boolean isPortTaken = needs.tcpPorts().stream().anyMatch(members(instance, "PORTS")::contains)
                || needs.udpPorts().stream().anyMatch(members(instance, "PORTS_UDP")::contains);
        return isPortTaken ? Optional.of("RESOURCE:PORTS") : Optional.empty();
    }

    static Claim claim(ContainerInstance instance, FakeEcsNeeds needs) {
        return new Claim(needs, List.copyOf(members(instance, "GPU").subList(0, needs.gpus())));
    }

    static List<Resource> taken(ContainerInstance instance, Claim claim) {
        FakeEcsNeeds needs = claim.needs();
        return changed(instance, resource -> switch (resource.name()) {
            case "CPU" -> number(resource, resource.integerValue() - needs.cpu());
            case "MEMORY" -> number(resource, resource.integerValue() - needs.memory());
            case "PORTS" -> set(resource, needs.tcpPorts(), List.of());
            case "PORTS_UDP" -> set(resource, needs.udpPorts(), List.of());
            case "GPU" -> set(resource, List.of(), claim.gpuIds());
            default -> resource;
        });
    }

    /** The free resources after a claim's end: at most those that the instance registered. */
    static List<Resource> freed(ContainerInstance instance, Claim claim) {
        FakeEcsNeeds needs = claim.needs();
        return changed(instance, resource -> switch (resource.name()) {
            case "CPU" ->
                number(resource, Math.min(registered(instance, "CPU"), resource.integerValue() + needs.cpu()));
            case "MEMORY" ->
                number(resource, Math.min(registered(instance, "MEMORY"), resource.integerValue() + needs.memory()));
            case "PORTS" -> set(resource, List.of(), needs.tcpPorts());
            case "PORTS_UDP" -> set(resource, List.of(), needs.udpPorts());
            case "GPU" -> set(resource, claim.gpuIds(), List.of());
            default -> resource;
        });
    }

    private static List<Resource> changed(ContainerInstance instance, UnaryOperator<Resource> change) {
        return instance.remainingResources().stream().map(change).toList();
    }

    private static Resource number(Resource before, int amount) {
        return before.toBuilder().integerValue(amount).build();
    }

    private static Resource set(Resource before, List<String> more, List<String> less) {
        Set<String> members = new LinkedHashSet<>(before.stringSetValue());
        members.addAll(more);
        less.forEach(members::remove);
        return before.toBuilder().stringSetValue(new ArrayList<>(members)).build();
    }

    private static int number(ContainerInstance instance, String name) {
        return number(instance.remainingResources(), name);
    }

    private static int registered(ContainerInstance instance, String name) {
        return number(instance.registeredResources(), name);
    }

    private static int number(List<Resource> resources, String name) {
        return resources.stream()
                .filter(each -> each.name().equals(name) && each.integerValue() != null)
                .mapToInt(Resource::integerValue)
                .findFirst()
                .orElse(0);
    }

    private static List<String> members(ContainerInstance instance, String name) {
        return instance.remainingResources().stream()
                .filter(each -> each.name().equals(name))
                .map(Resource::stringSetValue)
                .findFirst()
                .orElse(List.of());
    }
}
