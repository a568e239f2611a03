package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** Writes any model object of the SDK as JSON, field by field, without unset fields. */
final class ModelWriter {
    private final EcsFormat format;
    private final JsonGenerator json;

    ModelWriter(EcsFormat format, JsonGenerator json) {
        this.format = format;
        this.json = json;
    }

    void write(SdkPojo model) throws IOException {
        json.writeStartObject();
        writeFields(model);
        json.writeEndObject();
    }

    /** Writes the fields into an object that the caller has opened. */
    void writeFields(SdkPojo model) throws IOException {
        for (SdkField<?> field : model.sdkFields()) {
            Object value = field.getValueOrDefault(model);
            if (isSet(value) && format.isTold(model, field.locationName(), isEmpty(value))) {
                json.writeFieldName(format.name(model, field.locationName()));
                if (value instanceof String text) {
                    json.writeString(format.text(model, field.locationName(), text));
                } else {
                    writeValue(value);
                }
            }
        }
    }

    void writeValue(Object value) throws IOException {
        if (value instanceof SdkPojo model) {
            write(model);
        } else if (value instanceof Instant instant) {
            format.write(instant, json);
        } else if (value instanceof Collection<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                writeValue(item);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (var entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                writeValue(entry.getValue());
            }
            json.writeEndObject();
        } else {
            json.writePOJO(value);
        }
    }

    private static boolean isSet(Object value) {
        return value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap);
    }

    private static boolean isEmpty(Object value) {
        return value instanceof Collection<?> list && list.isEmpty();
    }
}
