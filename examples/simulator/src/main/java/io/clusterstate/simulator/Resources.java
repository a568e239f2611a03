package io.clusterstate.simulator;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Resource;

/** Makes the resources of container instances. */
final class Resources {
    private Resources() {}

    static Resource number(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    static Resource set(String name, List<String> values) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(values)
                .build();
    }

    static int numberOf(List<Resource> resources, String name) {
        for (var resource : resources) {
            if (resource.name().equals(name) && resource.integerValue() != null) {
                return resource.integerValue();
            }
        }
        return 0;
    }

    static List<String> setOf(List<Resource> resources, String name) {
        for (var resource : resources) {
            if (resource.name().equals(name)) {
                return resource.stringSetValue();
            }
        }
        return List.of();
    }
}
