package io.clusterstate.internal.shape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * The members of one of the AWS SDK's model types, by their names in JSON.
 *
 * <p>It is read from the description that the SDK generates with each type ({@code sdkFields()}) rather than by
 * reflection. A field that a later SDK adds is therefore known here as well.
 *
 * <p>Thread: immutable; created once per type.
 */
public final class PojoShape {

    /** Members that events name differently from the API: type → event's name → API's name. */
    private static final Map<Class<?>, Map<String, String>> NAMES_IN_EVENTS =
            Map.of(ManagedAgent.builder().getClass(), Map.of("status", "lastStatus"));

    /** Values that events spell differently from the API: type → member → event's spelling → API's. */
    private static final Map<Class<?>, Map<String, Map<String, String>>> SPELLINGS_IN_EVENTS =
            Map.of(Attachment.builder().getClass(), Map.of("type", Map.of("eni", "ElasticNetworkInterface")));

    private static final Map<Class<?>, PojoShape> SHAPES = new ConcurrentHashMap<>();

    private static final Map<Class<?>, ValueShape.Pojo> ENTITIES = Map.of(
            Task.class, new ValueShape.Pojo(Task::builder),
            ContainerInstance.class, new ValueShape.Pojo(ContainerInstance::builder),
            Service.class, new ValueShape.Pojo(Service::builder),
            Cluster.class, new ValueShape.Pojo(Cluster::builder));

    private final Supplier<? extends SdkPojo> builders;
    private final List<Member> members;
    private final Map<String, Member> byName = new HashMap<>();
    private final EventMembers.@Nullable Part inEvents;

    private PojoShape(Supplier<? extends SdkPojo> builders) {
        this.builders = builders;
        SdkPojo builder = builders.get();
        this.inEvents = EventMembers.of(builder.getClass());
        Map<String, Map<String, String>> spellings = SPELLINGS_IN_EVENTS.getOrDefault(builder.getClass(), Map.of());
        this.members = builder.sdkFields().stream()
                .map(field -> new Member(
                        field,
                        spellings.getOrDefault(field.locationName(), Map.of()),
                        inEvents == null || inEvents.carried().contains(field.locationName())))
                .toList();
        members.forEach(member -> byName.put(member.name(), member));
        NAMES_IN_EVENTS.getOrDefault(builder.getClass(), Map.of()).forEach(this::alias);
    }

    /** The shape of the type that these builders build. */
    static PojoShape of(Supplier<? extends SdkPojo> builders) {
        return SHAPES.computeIfAbsent(builders.get().getClass(), type -> new PojoShape(builders));
    }

    /**
     * The shape of an entity's type.
     *
     * @param type {@code Task}, {@code ContainerInstance}, {@code Service} or {@code Cluster}
     * @return its shape
     */
    public static PojoShape ofEntity(Class<?> type) {
        ValueShape.Pojo entity = ENTITIES.get(type);
        if (entity == null) {
            throw new IllegalArgumentException("type: " + type + " (expected: one of " + ENTITIES.keySet() + ")");
        }
        return entity.shape();
    }

    /**
     * Creates an empty builder.
     *
     * @return a builder of the type, to be filled by {@link Member#set}
     */
    public SdkPojo newBuilder() {
        return builders.get();
    }

    /**
     * Builds the value, or returns an equal value that exists already.
     *
     * @param builder a builder from {@link #newBuilder()}
     * @return the immutable value
     */
    public static Object build(SdkPojo builder) {
        return ValuePool.SHARED.share(((Buildable) builder).build());
    }

    /**
     * The member with a name in JSON.
     *
     * @param name the name in an event or an API answer
     * @return the member; null if the SDK has none with this name
     */
    public @Nullable Member member(String name) {
        return byName.get(name);
    }

    /**
     * All members.
     *
     * @return the members in the SDK's order
     */
    public List<Member> members() {
        return members;
    }

    /**
     * Whether events carry less of this type than the API, in the type itself or within.
     *
     * @return false if an event carries values of this type whole
     */
    public boolean isPartOnlyInEvents() {
        return inEvents != null;
    }

    /**
     * The identity of an element in a list of this type.
     *
     * @param element an element of this type
     * @return the value of the identifying member; null if it is unset, or the type has no such member
     */
    public @Nullable Object identityOf(SdkPojo element) {
        Member named = inEvents == null || inEvents.identity() == null ? null : byName.get(inEvents.identity());
        return named == null ? null : named.get(element);
    }

    private void alias(String nameInEvents, String name) {
        Member member = byName.get(name);
        if (member == null) {
            throw new IllegalStateException("member: " + name + " (expected: one of " + byName.keySet() + ")");
        }
        byName.putIfAbsent(nameInEvents, member);
    }

    /** A member of a model type. */
    public static final class Member {

        private final SdkField<?> field;
        private final ValueShape shape;
        private final boolean isInEvents;

        Member(SdkField<?> field, Map<String, String> spellings, boolean isInEvents) {
            this.field = field;
            this.shape = ValueShape.of(field, spellings);
            this.isInEvents = isInEvents;
        }

        /**
         * The type of the member's value.
         *
         * @return its shape
         */
        public ValueShape shape() {
            return shape;
        }

        /**
         * The member's name in the API's JSON.
         *
         * @return the name
         */
        public String name() {
            return field.locationName();
        }

        /**
         * Whether events carry the member, so that its absence in an event means that it is unset.
         *
         * @return false if only the API reports it
         */
        public boolean isInEvents() {
            return isInEvents;
        }

        /**
         * Sets the member.
         *
         * @param builder a builder from {@link PojoShape#newBuilder()} of this shape
         * @param value a value of the member's shape
         */
        public void set(SdkPojo builder, Object value) {
            field.set(builder, value);
        }

        /**
         * The member's value.
         *
         * @param pojo a builder or a value of this shape
         * @return the value; null if it is unset
         */
        public @Nullable Object get(SdkPojo pojo) {
            return field.getValueOrDefault(pojo);
        }
    }
}
