package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The fields that ECS's API answers have and its events do not: tags, health, an instance's task counts, and every
 * other member of the AWS SDK's {@code Task} and {@code ContainerInstance} that no public event carries. A member that
 * a later SDK adds is among them. An event that leaves such a field out says nothing of it; one that leaves out any
 * other field says that it is unset.
 *
 * <p>Within a task, the same holds for its overrides, containers, their managed agents and network interfaces: each is
 * found again by its name or attachment. Where an event does not carry such a part at all, what the API told of it is
 * gone until the next answer.
 *
 * <p>Services and clusters have no such fields, since no event carries them.
 *
 * <p>Thread: pure functions, safe from any thread.
 */
public final class ApiOnlyFields {

    private ApiOnlyFields() {}

    /**
     * An entity with the API-only fields of another telling of it.
     *
     * @param kind the kind of entity
     * @param core tells all other fields
     * @param described tells the API-only fields, set or unset
     * @param <T> the AWS SDK's type of the entity
     * @return both in one
     */
    public static <T> T carry(EntityKind<T> kind, T core, T described) {
        return merged(kind, core, (SdkPojo) described);
    }

    /**
     * An entity as an event carries it.
     *
     * @param kind the kind of entity
     * @param value the entity as the API tells it
     * @param <T> the AWS SDK's type of the entity
     * @return the same without API-only fields
     */
    public static <T> T clear(EntityKind<T> kind, T value) {
        return merged(kind, value, null);
    }

    private static <T> T merged(EntityKind<T> kind, T core, @Nullable SdkPojo described) {
        PojoShape shape = PojoShape.ofEntity(kind.type());
        return shape.isPartOnlyInEvents() ? kind.type().cast(pojo(shape, (SdkPojo) core, described)) : core;
    }

    private static Object pojo(PojoShape shape, SdkPojo core, @Nullable SdkPojo described) {
        SdkPojo builder = shape.newBuilder();
        for (PojoShape.Member member : shape.members()) {
            Object told = described == null ? null : member.get(described);
            Object value = member.isInEvents() ? within(member.shape(), member.get(core), told) : told;
            if (value != null) {
                member.set(builder, value);
            }
        }
        return PojoShape.build(builder);
    }

    /** An event's value of a member, with the API-only fields that are within. */
    private static @Nullable Object within(ValueShape shape, @Nullable Object core, @Nullable Object described) {
        if (core instanceof SdkPojo part && shape instanceof ValueShape.Pojo type) {
            return type.shape().isPartOnlyInEvents() ? pojo(type.shape(), part, (SdkPojo) described) : core;
        }
        if (core instanceof List<?> list
                && !list.isEmpty()
                && shape instanceof ValueShape.Listing listing
                && listing.element() instanceof ValueShape.Pojo type
                && type.shape().isPartOnlyInEvents()) {
            return elements(type.shape(), list, described instanceof List<?> told ? told : List.of());
        }
        return core;
    }

    private static List<Object> elements(PojoShape shape, List<?> core, List<?> described) {
        Map<Object, SdkPojo> byIdentity = new HashMap<>();
        for (Object each : described) {
            Object identity = shape.identityOf((SdkPojo) each);
            if (identity != null) {
                byIdentity.putIfAbsent(identity, (SdkPojo) each);
            }
        }
        List<Object> merged = new ArrayList<>(core.size());
        for (Object each : core) {
            merged.add(pojo(shape, (SdkPojo) each, byIdentity.get(shape.identityOf((SdkPojo) each))));
        }
        return merged;
    }
}
