package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the members of a JSON object, without those that have no value. */
final class Fields {

    /** Writes a part of a document. */
    @FunctionalInterface
    interface Part<T> {
        void write(Fields fields, T value) throws IOException;
    }

    private final JsonGenerator json;

    Fields(JsonGenerator json) {
        this.json = json;
    }

    Fields text(String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, value);
        }
        return this;
    }

    /** A text that is always written; empty if there is none. */
    Fields textAlways(String name, @Nullable String value) throws IOException {
        json.writeStringField(name, value == null ? "" : value);
        return this;
    }

    Fields number(String name, @Nullable Integer value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
        return this;
    }

    Fields number(String name, @Nullable Long value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
        return this;
    }

    Fields flag(String name, @Nullable Boolean value) throws IOException {
        if (value != null) {
            json.writeBooleanField(name, value);
        }
        return this;
    }

    /** A time in ISO 8601, UTC. */
    Fields moment(String name, @Nullable Instant value) throws IOException {
        return text(name, value == null ? null : value.toString());
    }

    <T> Fields object(String name, @Nullable T value, Part<? super T> part) throws IOException {
        if (value != null) {
            json.writeFieldName(name);
            write(value, part);
        }
        return this;
    }

    /** An array of objects, written even if empty. */
    <T> Fields list(String name, Iterable<? extends T> values, Part<? super T> part) throws IOException {
        json.writeArrayFieldStart(name);
        for (T value : values) {
            write(value, part);
        }
        json.writeEndArray();
        return this;
    }

    /** An array of objects, not written if empty. */
    <T> Fields listIfAny(String name, List<? extends T> values, Part<? super T> part) throws IOException {
        return values.isEmpty() ? this : list(name, values, part);
    }

    Fields texts(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
        return this;
    }

    /** An array of texts, not written if empty. */
    Fields textsIfAny(String name, List<String> values) throws IOException {
        return values.isEmpty() ? this : texts(name, values);
    }

    private <T> void write(T value, Part<? super T> part) throws IOException {
        json.writeStartObject();
        part.write(this, value);
        json.writeEndObject();
    }
}
