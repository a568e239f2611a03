package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.Draft;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The fields that ECS API answers carry and events do not, such as tags, health and an instance's task counts. API-only
 * is every member of the AWS SDK's {@code Task} and {@code ContainerInstance} that no public event carries. Members
 * that a later SDK adds count as API-only. If an event lacks an API-only field, the field is unknown; if it lacks any
 * other field, the field is unset.
 *
 * <p>The same holds within a task for its overrides, containers, their managed agents and network interfaces. Each part
 * is matched by its name or attachment. If an event lacks such a part altogether, the API-only fields of that part are
 * lost until the next API answer.
 *
 * <p>Services, clusters and task definitions have no such fields, since no event carries them.
 *
 * <p>Thread: pure functions, safe from any thread.
 */
public final class ApiOnlyFields {

    private ApiOnlyFields() {}

    /**
     * Merges an entity with the API-only fields of another value of it.
     *
     * @param kind the kind of entity
     * @param core the source of all other fields
     * @param described the source of the API-only fields, set or unset
     * @param <T> the AWS SDK's type of the entity
     * @return the merged entity
     */
    public static <T> T carry(EntityKind<T> kind, T core, T described) {
        return merged(kind, core, (SdkPojo) described);
    }

    /**
     * Removes the API-only fields, which leaves an entity as an event carries it.
     *
     * @param kind the kind of entity
     * @param value the entity as the API reports it
     * @param <T> the AWS SDK's type of the entity
     * @return the entity without API-only fields
     */
    public static <T> T clear(EntityKind<T> kind, T value) {
        return merged(kind, value, null);
    }

    private static <T> T merged(EntityKind<T> kind, T core, @Nullable SdkPojo described) {
        PojoShape shape = PojoShape.ofEntity(kind.type());
        return shape.isPartOnlyInEvents() ? kind.type().cast(pojo(shape, (SdkPojo) core, described)) : core;
    }

    private static Object pojo(PojoShape shape, SdkPojo core, @Nullable SdkPojo described) {
        Draft draft = shape.newDraft();
        for (PojoShape.Member member : shape.members()) {
            Object fromApi = described == null ? null : member.get(described);
            Object value = member.isInEvents() ? within(member.shape(), member.get(core), fromApi) : fromApi;
            if (value != null) {
                draft.set(member, value);
            }
        }
        return draft.build();
    }

    /** An event's value of a member, with the API-only fields inside it filled in. */
    private static @Nullable Object within(ValueShape shape, @Nullable Object core, @Nullable Object described) {
        if (core instanceof SdkPojo part && shape instanceof ValueShape.Pojo type) {
            return type.shape().isPartOnlyInEvents() ? pojo(type.shape(), part, (SdkPojo) described) : core;
        }
        if (core instanceof List<?> list
                && !list.isEmpty()
                && shape instanceof ValueShape.Listing listing
                && listing.element() instanceof ValueShape.Pojo type
                && type.shape().isPartOnlyInEvents()) {
            return elements(type.shape(), list, described instanceof List<?> fromApi ? fromApi : List.of());
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
