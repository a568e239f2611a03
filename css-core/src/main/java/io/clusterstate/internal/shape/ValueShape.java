package io.clusterstate.internal.shape;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * The type of a member of one of the AWS SDK's model types.
 *
 * <p>Each type is a class that calls the reader's method for it, for the sake of a JVM that has just started. The
 * reading code then consists of many small methods. Compiling one large method takes as long as reading fifty thousand
 * tasks.
 */
public abstract sealed class ValueShape {

    /** Members whose values are in one place of one entity. To share them would only displace strings that recur. */
    private static final Set<String> OWN = Set.of("containerArn", "runtimeId");

    private ValueShape() {}

    /** A reader of values of each shape, from any input. */
    public abstract static class Reader {

        /** Creates a reader. */
        protected Reader() {}

        /**
         * Reads a string.
         *
         * @param name the member's name
         * @param spellings values that events spell differently from the API, as {@code event's → API's}
         * @return the value; null if it is unset or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readText(String name, Map<String, String> spellings) throws IOException;

        /**
         * Reads a string that does not recur.
         *
         * @param name the member's name
         * @return the value; null if it is unset or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readOwn(String name) throws IOException;

        /**
         * Reads a timestamp.
         *
         * @param name the member's name
         * @return the value; null if it is unset or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readTimestamp(String name) throws IOException;

        /**
         * Reads any other simple value.
         *
         * @param name the member's name
         * @param type the SDK's simple type
         * @return the value; null if it is unset or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readSimple(String name, MarshallingKnownType type) throws IOException;

        /**
         * Reads a list.
         *
         * @param name the member's name
         * @param element the shape of its elements
         * @return the value; null if it is unset, empty or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readList(String name, ValueShape element) throws IOException;

        /**
         * Reads a map from strings.
         *
         * @param name the member's name
         * @param value the shape of its values
         * @return the value; null if it is unset, empty or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readMap(String name, ValueShape value) throws IOException;

        /**
         * Reads one of the SDK's model types.
         *
         * @param name the member's name
         * @param type the model type
         * @return the value; null if it is unset or of another type
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readPojo(String name, Pojo type) throws IOException;
    }

    /**
     * Reads a value of this shape.
     *
     * @param reader the reader to use
     * @param name the member's name
     * @return the value; null if it is unset, empty or of another type
     * @throws IOException if it cannot be read
     */
    public abstract @Nullable Object readBy(Reader reader, String name) throws IOException;

    /** A string. */
    static final class Text extends ValueShape {

        private final Map<String, String> spellings;

        Text(Map<String, String> spellings) {
            this.spellings = spellings;
        }

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readText(name, spellings);
        }
    }

    /** A string that does not recur. */
    static final class Own extends ValueShape {

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readOwn(name);
        }
    }

    /** A timestamp. */
    static final class Timestamp extends ValueShape {

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readTimestamp(name);
        }
    }

    /** Any other simple value. */
    static final class Simple extends ValueShape {

        private final MarshallingKnownType type;

        Simple(MarshallingKnownType type) {
            this.type = type;
        }

        MarshallingKnownType type() {
            return type;
        }

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readSimple(name, type);
        }
    }

    /** A list. */
    public static final class Listing extends ValueShape {

        private final ValueShape element;

        Listing(ValueShape element) {
            this.element = element;
        }

        /**
         * The shape of the elements.
         *
         * @return their shape
         */
        public ValueShape element() {
            return element;
        }

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readList(name, element);
        }
    }

    /** A map from strings. */
    public static final class Mapping extends ValueShape {

        private final ValueShape value;

        Mapping(ValueShape value) {
            this.value = value;
        }

        /**
         * The shape of the values.
         *
         * @return their shape
         */
        public ValueShape value() {
            return value;
        }

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readMap(name, value);
        }
    }

    /**
     * A model type of the SDK. Its members are looked up on first use: ECS has dozens of types, for which the JVM would
     * load a thousand classes, and most never occur.
     */
    public static final class Pojo extends ValueShape {

        private final Supplier<? extends SdkPojo> builders;
        private volatile @Nullable PojoShape shape;

        Pojo(Supplier<? extends SdkPojo> builders) {
            this.builders = builders;
        }

        /**
         * The members.
         *
         * @return their shapes
         */
        public PojoShape shape() {
            PojoShape known = shape;
            if (known == null) {
                known = PojoShape.of(builders);
                shape = known;
            }
            return known;
        }

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readPojo(name, this);
        }
    }

    /**
     * The shape of a member, from the description that the SDK generates with each model type.
     *
     * @param field the member
     * @param spellings values that events spell differently, as {@code event's → API's}
     * @return its shape
     */
    static ValueShape of(SdkField<?> field, Map<String, String> spellings) {
        MarshallingKnownType type = field.marshallingType().getKnownType();
        return switch (type) {
            case STRING -> OWN.contains(field.locationName()) ? new Own() : new Text(spellings);
            case INSTANT -> new Timestamp();
            case LIST -> new Listing(of(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), Map.of()));
            case MAP -> new Mapping(of(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), Map.of()));
            case SDK_POJO -> new Pojo(field.constructor());
            default -> new Simple(type);
        };
    }
}
