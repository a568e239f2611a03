package io.clusterstate.internal.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Converts API answers to the canonical shape, to which events are decoded too, so that the two can be compared. In it,
 * empty values are unset, and equal strings are one object.
 *
 * <p>Thread: safe for any thread.
 */
public final class Canonical {

    private Canonical() {}

    /**
     * Converts a value to its canonical shape.
     *
     * @param type the value's type
     * @param value the value as the AWS SDK parsed it
     * @param <T> the type of an entity
     * @return a value that is equal except for empty parts
     */
    public static <T> T of(Class<T> type, T value) {
        return type.cast(pojo((SdkPojo) value, PojoShape.ofEntity(type)));
    }

    private static Object pojo(SdkPojo value, PojoShape shape) {
        Draft draft = shape.newDraft();
        for (PojoShape.Member member : shape.members()) {
            Object canonical = value(member.get(value), member.shape());
            if (canonical != null) {
                draft.set(member, canonical);
            }
        }
        return draft.build();
    }

    private static @Nullable Object value(@Nullable Object held, ValueShape shape) {
        if (held == null) {
            return null;
        }
        if (shape instanceof ValueShape.Pojo pojo) {
            return pojo((SdkPojo) held, pojo.shape());
        }
        if (shape instanceof ValueShape.Listing listing) {
            return list((List<?>) held, listing.element());
        }
        if (shape instanceof ValueShape.Mapping mapping) {
            return map((Map<?, ?>) held, mapping.value());
        }
        return held instanceof String text ? StringPool.SHARED.share(text) : held;
    }

    private static @Nullable Object list(List<?> held, ValueShape element) {
        List<Object> canonical = new ArrayList<>(held.size());
        for (Object each : held) {
            Object value = value(each, element);
            if (value != null) {
                canonical.add(value);
            }
        }
        return canonical.isEmpty() ? null : canonical;
    }

    private static @Nullable Object map(Map<?, ?> held, ValueShape element) {
        Map<Object, Object> canonical = new LinkedHashMap<>();
        held.forEach((key, each) -> {
            Object value = value(each, element);
            if (value != null) {
                canonical.put(StringPool.SHARED.share((String) key), value);
            }
        });
        return canonical.isEmpty() ? null : canonical;
    }
}
