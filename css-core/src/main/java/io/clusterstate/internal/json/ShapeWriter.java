package io.clusterstate.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;

/**
 * A writer of the AWS SDK's model types as JSON that {@link ShapeReader} reads: members have the API's names, unset
 * ones are left out, and timestamps are in ISO-8601.
 *
 * <p>Thread: one thread at a time.
 */
public final class ShapeWriter {

    private final JsonGenerator json;

    /**
     * Creates a writer.
     *
     * @param json a generator that expects a value
     */
    public ShapeWriter(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes a value as an object.
     *
     * @param value a value of the shape
     * @param shape the type's members
     * @throws IOException if it cannot be written
     */
    public void writePojo(SdkPojo value, PojoShape shape) throws IOException {
        json.writeStartObject();
        for (PojoShape.Member member : shape.members()) {
            Object held = member.get(value);
            if (held != null && !isUnset(held)) {
                json.writeFieldName(member.name());
                write(held, member.shape());
            }
        }
        json.writeEndObject();
    }

    /** Whether a member is unset; the SDK shows unset lists and maps as empty ones. */
    private static boolean isUnset(Object held) {
        return (held instanceof List<?> list && list.isEmpty()) || (held instanceof Map<?, ?> map && map.isEmpty());
    }

    private void write(Object held, ValueShape shape) throws IOException {
        if (shape instanceof ValueShape.Pojo pojo) {
            writePojo((SdkPojo) held, pojo.shape());
        } else if (shape instanceof ValueShape.Listing listing) {
            writeList((List<?>) held, listing.element());
        } else if (shape instanceof ValueShape.Mapping mapping) {
            writeMap((Map<?, ?>) held, mapping.value());
        } else {
            writeScalar(held);
        }
    }

    private void writeList(List<?> list, ValueShape element) throws IOException {
        json.writeStartArray();
        for (Object each : list) {
            if (each != null) {
                write(each, element);
            }
        }
        json.writeEndArray();
    }

    private void writeMap(Map<?, ?> map, ValueShape element) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (each.getValue() != null) {
                json.writeFieldName((String) each.getKey());
                write(each.getValue(), element);
            }
        }
        json.writeEndObject();
    }

    private void writeScalar(Object held) throws IOException {
        if (held instanceof String text) {
            json.writeString(text);
        } else if (held instanceof Boolean yes) {
            json.writeBoolean(yes);
        } else if (held instanceof Integer number) {
            json.writeNumber(number);
        } else if (held instanceof Long number) {
            json.writeNumber(number);
        } else if (held instanceof Double number) {
            json.writeNumber(number);
        } else if (held instanceof Instant moment) {
            json.writeString(moment.toString());
        } else if (held instanceof Document document) {
            Documents.write(json, document);
        } else {
            throw new IllegalArgumentException(
                    "value: " + held.getClass() + " (expected: a simple type of the ECS API)");
        }
    }
}
