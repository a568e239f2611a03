package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;

/** Writes JSON in one of the two ways in which ECS spells it. */
final class Json {

    /** Which of ECS's two ways. */
    enum Dialect {
        EVENT,
        API
    }

    /** Writes one part. */
    interface Part {
        void write(Json json) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;
    private final Dialect dialect;

    private Json(JsonGenerator out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    /** The text of one object. */
    static String object(Dialect dialect, Part members) {
        StringWriter text = new StringWriter(4096);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            new Json(out, dialect).element(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    boolean isEvent() {
        return dialect == Dialect.EVENT;
    }

    Json text(String name, String value) throws IOException {
        out.writeStringField(name, value);
        return this;
    }

    Json number(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    Json flag(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
        return this;
    }

    /** A moment: ISO-8601 in events, seconds with a fraction in API answers. */
    Json moment(String name, Instant value) throws IOException {
        if (isEvent()) {
            return text(name, value.toString());
        }
        out.writeNumberField(name, BigDecimal.valueOf(value.toEpochMilli(), 3));
        return this;
    }

    Json object(String name, Part members) throws IOException {
        out.writeFieldName(name);
        return element(members);
    }

    Json array(String name, Part elements) throws IOException {
        out.writeArrayFieldStart(name);
        elements.write(this);
        out.writeEndArray();
        return this;
    }

    Json emptyArray(String name) throws IOException {
        return array(name, json -> {});
    }

    Json element(Part members) throws IOException {
        out.writeStartObject();
        members.write(this);
        out.writeEndObject();
        return this;
    }

    Json element(String value) throws IOException {
        out.writeString(value);
        return this;
    }

    /** An element with a name and a value, as ECS has in many lists. */
    Json pair(String name, String value) throws IOException {
        return element(json -> json.text("name", name).text("value", value));
    }
}
