package io.clusterstate.simulator;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * Copies any model object of the SDK, and replaces its strings and times.
 *
 * @param texts the function applied to every string
 * @param times the function applied to every time
 */
record ModelRewriter(UnaryOperator<String> texts, UnaryOperator<Instant> times) {

    SdkPojo rewrite(SdkPojo model) {
        var builder = ((ToCopyableBuilder<?, ?>) model).toBuilder();
        for (SdkField<?> field : model.sdkFields()) {
            var value = field.getValueOrDefault(model);
            if (value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap)) {
                field.set(builder, rewritten(value));
            }
        }
        return (SdkPojo) builder.build();
    }

    /** Rewrites the values of a map and keeps its keys. */
    Map<String, Object> rewrite(Map<String, Object> values) {
        var copy = new LinkedHashMap<String, Object>();
        values.forEach((key, value) -> copy.put(key, rewritten(value)));
        return copy;
    }

    private Object rewritten(Object value) {
        if (value instanceof SdkPojo model) {
            return rewrite(model);
        }
        if (value instanceof String text) {
            return texts.apply(text);
        }
        if (value instanceof Instant time) {
            return times.apply(time);
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(this::rewritten).toList();
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, each) -> copy.put(key, rewritten(each)));
            return copy;
        }
        return value;
    }
}
