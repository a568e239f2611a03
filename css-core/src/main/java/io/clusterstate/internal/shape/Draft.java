package io.clusterstate.internal.shape;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * A value of one of the AWS SDK's model types while its members are read. It is built once.
 *
 * <p>Thread: one thread at a time.
 */
public abstract sealed class Draft {

    private Draft() {}

    /**
     * Sets a member.
     *
     * @param member a member of the draft's shape
     * @param value a value of the member's shape
     */
    public abstract void set(PojoShape.Member member, Object value);

    /**
     * Builds the value, or returns an equal value that exists already.
     *
     * @return the immutable value
     */
    public abstract Object build();

    /** A draft of a value that hardly recurs. */
    static final class Single extends Draft {

        private final SdkPojo builder;

        Single(SdkPojo builder) {
            this.builder = builder;
        }

        @Override
        public void set(PojoShape.Member member, Object value) {
            member.set(builder, value);
        }

        @Override
        public Object build() {
            return ((Buildable) builder).build();
        }
    }

    /** A draft of a value that recurs. It is built only if the pool has no value with these members. */
    static final class Recurring extends Draft {

        private final PojoShape shape;
        private final @Nullable Object[] values;

        Recurring(PojoShape shape) {
            this.shape = shape;
            this.values = new Object[shape.members().size()];
        }

        @Override
        public void set(PojoShape.Member member, Object value) {
            values[member.index()] = value;
        }

        @Override
        public Object build() {
            return ValuePool.SHARED.share(shape, values);
        }
    }
}
