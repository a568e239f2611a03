package io.clusterstate.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Reads any model object of the SDK from JSON in the API's format, and ignores fields that the model lacks. */
final class ModelReader {
    private ModelReader() {}

    static <T> T read(JsonNode json, Supplier<? extends SdkPojo> newBuilder, Class<T> type) {
        return type.cast(build(json, newBuilder));
    }

    private static Object build(JsonNode json, Supplier<? extends SdkPojo> newBuilder) {
        var builder = newBuilder.get();
        for (SdkField<?> field : builder.sdkFields()) {
            var value = json.get(field.locationName());
            if (value != null && !value.isNull()) {
                field.set(builder, valueOf(value, field));
            }
        }
        return ((Buildable) builder).build();
    }

    private static Object valueOf(JsonNode json, SdkField<?> field) {
        var type = field.marshallingType();
        if (type == MarshallingType.SDK_POJO) {
            return build(json, field.constructor());
        }
        if (type == MarshallingType.LIST) {
            return list(json, field.getRequiredTrait(ListTrait.class).memberFieldInfo());
        }
        if (type == MarshallingType.MAP) {
            return map(json, field.getRequiredTrait(MapTrait.class).valueFieldInfo());
        }
        return plainValueOf(json, type);
    }

    private static Object plainValueOf(JsonNode json, MarshallingType<?> type) {
        if (type == MarshallingType.INTEGER) {
            return json.intValue();
        }
        if (type == MarshallingType.LONG) {
            return json.longValue();
        }
        if (type == MarshallingType.FLOAT) {
            return json.floatValue();
        }
        if (type == MarshallingType.DOUBLE) {
            return json.doubleValue();
        }
        if (type == MarshallingType.BOOLEAN) {
            return json.booleanValue();
        }
        if (type == MarshallingType.INSTANT) {
            return instantOf(json.decimalValue());
        }
        return json.asText();
    }

    private static List<Object> list(JsonNode json, SdkField<?> member) {
        var list = new ArrayList<Object>();
        json.forEach(item -> list.add(valueOf(item, member)));
        return list;
    }

    private static Map<String, Object> map(JsonNode json, SdkField<?> member) {
        var map = new HashMap<String, Object>();
        json.properties().forEach(entry -> map.put(entry.getKey(), valueOf(entry.getValue(), member)));
        return map;
    }

    private static Instant instantOf(BigDecimal epochSeconds) {
        return Instant.ofEpochMilli(epochSeconds.movePointRight(3).longValue());
    }
}
