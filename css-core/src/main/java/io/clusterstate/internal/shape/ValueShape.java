package io.clusterstate.internal.shape;

import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** What a member of one of the AWS SDK's model types holds. */
public sealed interface ValueShape {

    /**
     * A single value.
     *
     * @param type which of the SDK's simple types
     * @param spellings values that events spell otherwise than the API, as {@code event's → API's}
     */
    record Scalar(MarshallingKnownType type, Map<String, String> spellings) implements ValueShape {}

    /**
     * A list.
     *
     * @param element what its elements are
     */
    record Listing(ValueShape element) implements ValueShape {}

    /**
     * A map from strings.
     *
     * @param value what its values are
     */
    record Mapping(ValueShape value) implements ValueShape {}

    /**
     * Another of the SDK's model types.
     *
     * @param shape its members
     */
    record Nested(PojoShape shape) implements ValueShape {}

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
            case LIST -> new Listing(of(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), Map.of()));
            case MAP -> new Mapping(of(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), Map.of()));
            case SDK_POJO -> {
                Supplier<SdkPojo> builders = field.constructor();
                yield new Nested(PojoShape.of(builders));
            }
            default -> new Scalar(type, spellings);
        };
    }
}
