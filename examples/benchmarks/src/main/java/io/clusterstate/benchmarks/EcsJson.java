package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;

/** Writes JSON as ECS does, whose events and API responses spell some values differently. */
final class EcsJson {

    /** The two spellings of ECS. */
    enum Dialect {
        EVENT,
        API
    }

    /** Writes a part of a document. */
    interface Part {
        void write(EcsJson json) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;
    private final Dialect dialect;

    private EcsJson(JsonGenerator out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    /** An object as text. */
    static String object(Dialect dialect, Part members) {
        StringWriter text = new StringWriter(4096);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            new EcsJson(out, dialect).element(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: a StringWriter does not fail
        }
        return text.toString();
    }

    boolean isEvent() {
        return dialect == Dialect.EVENT;
    }

    EcsJson text(String name, String value) throws IOException {
        out.writeStringField(name, value);
        return this;
    }

    EcsJson number(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    EcsJson flag(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
        return this;
    }

    /** A time: ISO-8601 in events, seconds with a fraction in API responses. */
    EcsJson moment(String name, Instant value) throws IOException {
        if (isEvent()) {
            return text(name, value.toString());
        }
        out.writeNumberField(name, BigDecimal.valueOf(value.toEpochMilli(), 3));
        return this;
    }

    EcsJson object(String name, Part members) throws IOException {
        out.writeFieldName(name);
        return element(members);
    }

    EcsJson array(String name, Part elements) throws IOException {
        out.writeArrayFieldStart(name);
        elements.write(this);
        out.writeEndArray();
        return this;
    }

    EcsJson emptyArray(String name) throws IOException {
        return array(name, json -> {});
    }

    EcsJson element(Part members) throws IOException {
        out.writeStartObject();
        members.write(this);
        out.writeEndObject();
        return this;
    }

    EcsJson element(String value) throws IOException {
        out.writeString(value);
        return this;
    }

    /** An element with a name and a value, as many lists of ECS have. */
    EcsJson pair(String name, String value) throws IOException {
        return element(json -> json.text("name", name).text("value", value));
    }
}
