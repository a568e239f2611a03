package io.clusterstate.testing;

import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Resource;

/** Sample parts of container instances for tests. */
public final class InstanceParts {

    private InstanceParts() {}

    /**
     * An attribute of a container instance.
     *
     * @param name its name
     * @param value its value
     * @return the attribute
     */
    public static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }

    /**
     * A numeric resource.
     *
     * @param name a name such as {@code CPU}
     * @param value the amount
     * @return the resource
     */
    public static Resource number(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    /**
     * A set resource.
     *
     * @param name a name such as {@code PORTS}
     * @param values the members
     * @return the resource
     */
    public static Resource set(String name, String... values) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(values)
                .build();
    }
}
