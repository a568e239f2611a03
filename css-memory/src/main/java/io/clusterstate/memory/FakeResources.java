package io.clusterstate.memory;

import io.clusterstate.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Resource;

/** The registered and remaining resources of a fake instance, in the shape of the ECS API. */
final class FakeResources {

    /** The ports of SSH, Docker and the agent. Source: the ECS API reference, {@code ContainerInstance}. */
    private static final List<String> RESERVED = List.of("22", "2375", "2376", "51678", "51679");

    private final Map<String, Integer> registered = new LinkedHashMap<>();
    private final Map<String, Integer> free = new LinkedHashMap<>();
    private final List<String> takenPorts = new ArrayList<>();

    FakeResources() {
        registered.put("CPU", 2048);
        registered.put("MEMORY", 4096);
    }

    void register(Requirement... amounts) {
        putAll(registered, amounts);
    }

    void free(Requirement... amounts) {
        putAll(free, amounts);
    }

    void takePorts(int... numbers) {
        IntStream.of(numbers).mapToObj(Integer::toString).forEach(takenPorts::add);
    }

    List<Resource> registered() {
        return list(registered, RESERVED);
    }

    List<Resource> remaining() {
        Map<String, Integer> left = new LinkedHashMap<>(registered);
        left.putAll(free);
        return list(left, Stream.concat(RESERVED.stream(), takenPorts.stream()).toList());
    }

    private static void putAll(Map<String, Integer> amounts, Requirement... requirements) {
        for (Requirement each : requirements) {
            if (each instanceof Requirement.Amount amount) {
                amounts.put(amount.resource(), amount.least());
            } else if (each instanceof Requirement.Gpus gpus) {
                amounts.put(gpus.resource(), gpus.count());
            } else {
                throw new IllegalArgumentException(each + " (expected: no port; use takenPorts)");
            }
        }
    }

    private static List<Resource> list(Map<String, Integer> amounts, List<String> ports) {
        List<Resource> listed = new ArrayList<>();
        amounts.forEach((name, amount) -> listed.add(name.equals("GPU") ? gpus(amount) : number(name, amount)));
        listed.add(set("PORTS", ports));
        listed.add(set("PORTS_UDP", List.of()));
        return listed;
    }

    private static Resource gpus(int count) {
        return set(
                "GPU",
                IntStream.range(0, count).mapToObj(index -> "GPU-" + index).toList());
    }

    private static Resource number(String name, int amount) {
        return Resource.builder()
                .name(name)
                .type("INTEGER")
                .integerValue(amount)
                .build();
    }

    private static Resource set(String name, List<String> members) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(members)
                .build();
    }
}
