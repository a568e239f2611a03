package io.clusterstate.internal.shape;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * What a member of one of the AWS SDK's model types holds.
 *
 * <p>These are classes, and each calls the reader's method for it, for the sake of a JVM that has just started: what
 * reads is then many small methods. One method with all in it takes as long to be compiled as fifty thousand tasks to
 * be read.
 */
public abstract sealed class ValueShape {

    private ValueShape() {}

    /** Reads a value of each shape, from wherever it stands. */
    public abstract static class Reader {

        /** A reader. */
        protected Reader() {}

        /**
         * Reads a string.
         *
         * @param name of the member
         * @param spellings values that events spell otherwise than the API, as {@code event's → API's}
         * @return the value; null if it is unset, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readText(String name, Map<String, String> spellings) throws IOException;

        /**
         * Reads a moment.
         *
         * @param name of the member
         * @return the value; null if it is unset, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readMoment(String name) throws IOException;

        /**
         * Reads any other single value.
         *
         * @param name of the member
         * @param type which of the SDK's simple types
         * @return the value; null if it is unset, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readSimple(String name, MarshallingKnownType type) throws IOException;

        /**
         * Reads a list.
         *
         * @param name of the member
         * @param element what its elements are
         * @return the value; null if it is unset, empty, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readList(String name, ValueShape element) throws IOException;

        /**
         * Reads a map from strings.
         *
         * @param name of the member
         * @param value what its values are
         * @return the value; null if it is unset, empty, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readMap(String name, ValueShape value) throws IOException;

        /**
         * Reads one of the SDK's model types.
         *
         * @param name of the member
         * @param type which
         * @return the value; null if it is unset, or is not what it should be
         * @throws IOException if it cannot be read
         */
        protected abstract @Nullable Object readPojo(String name, Pojo type) throws IOException;
    }

    /**
     * Has a value of this shape read.
     *
     * @param reader what reads it
     * @param name of the member
     * @return the value; null if it is unset, empty, or is not what it should be
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

    /** A moment. */
    static final class Moment extends ValueShape {

        @Override
        public @Nullable Object readBy(Reader reader, String name) throws IOException {
            return reader.readMoment(name);
        }
    }

    /** Any other single value. */
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
         * What its elements are.
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
         * What its values are.
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
     * One of the SDK's model types. Its members are looked up when they are first asked for: ECS might tell of dozens
     * of types, for which the JVM makes a thousand classes, and most are never met.
     */
    public static final class Pojo extends ValueShape {

        private final Supplier<? extends SdkPojo> builders;
        private volatile @Nullable PojoShape shape;

        Pojo(Supplier<? extends SdkPojo> builders) {
            this.builders = builders;
        }

        /**
         * Its members.
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
     * The shape of a member, found by the description that the SDK generates with each model type.
     *
     * @param field the member
     * @param spellings values that events spell otherwise, as {@code event's → API's}
     * @return its shape
     */
    static ValueShape of(SdkField<?> field, Map<String, String> spellings) {
        MarshallingKnownType type = field.marshallingType().getKnownType();
        return switch (type) {
            case STRING -> new Text(spellings);
            case INSTANT -> new Moment();
            case LIST -> new Listing(of(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), Map.of()));
            case MAP -> new Mapping(of(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), Map.of()));
            case SDK_POJO -> new Pojo(field.constructor());
            default -> new Simple(type);
        };
    }
}
