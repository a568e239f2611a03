package io.clusterstate.internal.shape;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.DefaultSdkAutoConstructList;
import software.amazon.awssdk.core.util.DefaultSdkAutoConstructMap;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
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

    /** The SDK's values of a list and a map that are unset. */
    private static final Object NO_LIST = DefaultSdkAutoConstructList.getInstance();

    private static final Object NO_MAP = DefaultSdkAutoConstructMap.getInstance();

    private static final Map<Class<?>, PojoShape> SHAPES = new ConcurrentHashMap<>();

    private static final Map<Class<?>, ValueShape.Pojo> ENTITIES = Map.of(
            Task.class, new ValueShape.Pojo(Task::builder),
            ContainerInstance.class, new ValueShape.Pojo(ContainerInstance::builder),
            Service.class, new ValueShape.Pojo(Service::builder),
            Cluster.class, new ValueShape.Pojo(Cluster::builder),
            TaskDefinition.class, new ValueShape.Pojo(TaskDefinition::builder));

    private static final ClassValue<PojoShape> VALUES = new ClassValue<>() {
        @Override
        protected PojoShape computeValue(Class<?> type) {
            return ofType(type);
        }
    };

    private final Supplier<? extends SdkPojo> builders;
    private final List<Member> members;
    private final Map<String, Member> byName = new HashMap<>();
    private final EventMembers.@Nullable Part inEvents;
    private final boolean isRecurring;

    /** The member that came first the last time; a hint, like {@link Member#next}. */
    private @Nullable Member first;

    private PojoShape(Supplier<? extends SdkPojo> builders) {
        this.builders = builders;
        SdkPojo builder = builders.get();
        this.inEvents = EventMembers.of(builder.getClass());
        Map<String, Map<String, String>> spellings = SPELLINGS_IN_EVENTS.getOrDefault(builder.getClass(), Map.of());
        List<SdkField<?>> fields = builder.sdkFields();
        this.members = IntStream.range(0, fields.size())
                .mapToObj(index -> member(index, fields.get(index), spellings))
                .toList();
        this.isRecurring = ValuePool.isRecurring(builder.getClass());
        members.forEach(member -> byName.put(member.name(), member));
        NAMES_IN_EVENTS.getOrDefault(builder.getClass(), Map.of()).forEach(this::alias);
    }

    private Member member(int index, SdkField<?> field, Map<String, Map<String, String>> spellings) {
        String name = field.locationName();
        boolean isInEvents = inEvents == null || inEvents.carried().contains(name);
        return new Member(index, field, spellings.getOrDefault(name, Map.of()), isInEvents);
    }

    /** The shape of the type that these builders build. */
    static PojoShape of(Supplier<? extends SdkPojo> builders) {
        return SHAPES.computeIfAbsent(builders.get().getClass(), type -> new PojoShape(builders));
    }

    /**
     * The shape of an entity's type.
     *
     * @param type {@code Task}, {@code ContainerInstance}, {@code Service}, {@code Cluster} or {@code TaskDefinition}
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
     * The shape of a value's type.
     *
     * @param value a value of any type of the SDK's model
     * @return its shape
     * @throws IllegalArgumentException if the type is none of the SDK's
     */
    public static PojoShape ofValue(SdkPojo value) {
        ValueShape.Pojo entity = ENTITIES.get(value.getClass());
        return entity != null ? entity.shape() : VALUES.get(value.getClass());
    }

    private static PojoShape ofType(Class<?> type) {
        try {
            Method builder = type.getMethod("builder");
            return of(() -> newBuilder(builder));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("value: " + type + " (expected: a type of the SDK's model)", e);
        }
    }

    private static SdkPojo newBuilder(Method builder) {
        try {
            return (SdkPojo) builder.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("value: " + builder + " (expected: to make a builder of the SDK)", e);
        }
    }

    /**
     * Begins a value.
     *
     * @return a draft with no member set
     */
    public Draft newDraft() {
        return isRecurring ? new Draft.Recurring(this) : new Draft.Single(builders.get());
    }

    /** A new value with these members, in the order of the shape; null for unset ones. */
    Object build(@Nullable Object[] values) {
        SdkPojo builder = builders.get();
        for (Member member : members) {
            Object value = values[member.index];
            if (value != null) {
                member.set(builder, value);
            }
        }
        return ((Buildable) builder).build();
    }

    /**
     * The member that followed another member the last time. ECS writes members in the same order again and again, and
     * a parser compares an expected name faster than it reads any name.
     *
     * @param before the member before; null at the beginning
     * @return the expected member; null if nothing has followed yet
     */
    public @Nullable Member expectedAfter(@Nullable Member before) {
        return before == null ? first : before.next;
    }

    /**
     * The member with a name in JSON. From now on it is expected after the member before.
     *
     * @param before the member before; null at the beginning
     * @param name the name in an event or an API answer
     * @return the member; null if the SDK has none with this name
     */
    public @Nullable Member memberAfter(@Nullable Member before, String name) {
        Member expected = expectedAfter(before);
        if (expected != null && expected.inJson.getValue().equals(name)) {
            return expected;
        }
        Member found = member(name);
        if (found != null) {
            expect(before, found);
        }
        return found;
    }

    private void expect(@Nullable Member before, Member following) {
        if (before == null) {
            first = following;
        } else {
            before.next = following;
        }
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
        byName.putIfAbsent(nameInEvents, new Member(member, nameInEvents));
    }

    /** A member of a model type. */
    public static final class Member {

        private final int index;
        private final SdkField<?> field;
        private final ValueShape shape;
        private final boolean isInEvents;
        private final SerializableString inJson;

        /** The member that followed the last time. Only a hint: any thread may change it to any member of the shape. */
        private @Nullable Member next;

        /** The same member under another name in JSON. */
        private Member(Member same, String inJson) {
            this.index = same.index;
            this.field = same.field;
            this.shape = same.shape;
            this.isInEvents = same.isInEvents;
            this.inJson = new SerializedString(inJson);
        }

        Member(int index, SdkField<?> field, Map<String, String> spellings, boolean isInEvents) {
            this.index = index;
            this.field = field;
            this.shape = ValueShape.of(field, spellings);
            this.isInEvents = isInEvents;
            this.inJson = new SerializedString(field.locationName());
        }

        /**
         * The member's name in JSON, for comparison: the API's name, or that of events if it was found by that.
         *
         * @return the name
         */
        public SerializableString inJson() {
            return inJson;
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

        /** The member's place among the members of its shape. */
        int index() {
            return index;
        }

        void set(SdkPojo builder, Object value) {
            field.set(builder, value);
        }

        /**
         * The member's value.
         *
         * @param pojo a builder or a value of this shape
         * @return the value; null if it is unset
         */
        public @Nullable Object get(SdkPojo pojo) {
            Object held = field.getValueOrDefault(pojo);
            return held == NO_LIST || held == NO_MAP ? null : held;
        }
    }
}
