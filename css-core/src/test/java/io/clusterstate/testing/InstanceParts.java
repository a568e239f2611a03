package io.clusterstate.testing;

import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Resource;

/** What container instances are made of, for tests. */
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
     * A resource that is counted.
     *
     * @param name such as {@code CPU}
     * @param value how much
     * @return the resource
     */
    public static Resource number(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    /**
     * A resource that is a set.
     *
     * @param name such as {@code PORTS}
     * @param values its members
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
