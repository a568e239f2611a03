package io.clusterstate.etcd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.json.ShapeReader;
import io.clusterstate.internal.json.ShapeWriter;
import io.clusterstate.internal.json.Timestamps;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.StringPool;
import io.clusterstate.spi.Removal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The format of entities and tombstones in etcd: JSON of format {@value #FORMAT}. An entity, its value in the shape of
 * the ECS API:
 *
 * <pre>{@code
 * {"format":1,"kind":"task","cluster":ARN,"origin":"EVENT","observedAt":TIME,"describedAt":TIME,"value":{…}}
 * }</pre>
 *
 * and a tombstone:
 *
 * <pre>{@code
 * {"format":1,"kind":"task","cluster":ARN,"arn":ARN,"version":7,"at":TIME,"reason":"MISSING","until":TIME}
 * }</pre>
 *
 * <p>Two adjacent versions of the library can share one etcd (promise 13). Within one format, an added field is
 * optional, and a reader skips unknown fields. A new format is first read by one version, and only written by the next.
 * {@code format} stands first, {@code value} last.
 *
 * <p>Thread: immutable.
 */
final class ValueFormat {

    /** The written format, and the highest that can be read. */
    static final int FORMAT = 1;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(16 * 1024 * 1024)
                    .build())
            .build();

    private static final Map<String, EntityKind<?>> KINDS = new HashMap<>();

    static {
        EntityKind.all().forEach(kind -> KINDS.put(kind.toString(), kind));
    }

    private ValueFormat() {}

    /** A writer of an object's fields. */
    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] write(Observed<?> observed) {
        return write(json -> {
            json.writeStringField("kind", observed.kind().toString());
            json.writeStringField("cluster", observed.clusterArn());
            json.writeStringField("origin", observed.origin().name());
            json.writeStringField("observedAt", observed.observedAt().toString());
            Optional<Instant> describedAt = observed.describedAt();
            if (describedAt.isPresent()) {
                json.writeStringField("describedAt", describedAt.get().toString());
            }
            json.writeFieldName("value");
            new ShapeWriter(json)
                    .writePojo(
                            (SdkPojo) observed.value(),
                            PojoShape.ofEntity(observed.kind().type()));
        });
    }

    static byte[] write(Removal<?> removal, Instant until) {
        return write(json -> {
            json.writeStringField("kind", removal.kind().toString());
            json.writeStringField("cluster", removal.clusterArn());
            json.writeStringField("arn", removal.arn());
            json.writeNumberField("version", removal.version());
            json.writeStringField("at", removal.at().toString());
            json.writeStringField("reason", removal.reason().name());
            json.writeStringField("until", until.toString());
        });
    }

    private static byte[] write(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("value: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Reads a value; never throws, since one bad value must not hide all others. */
    static StoredValue read(byte[] bytes, long revision) {
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new StoredValue.Unreadable("no JSON object", false);
            }
            return new Reader(json).read(revision);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            String reason = String.valueOf(e.getMessage());
            return new StoredValue.Unreadable(reason.lines().findFirst().orElse(reason), false);
        }
    }

    /** The reader of one object, in one pass. */
    private static final class Reader {

        private final JsonParser json;
        private final Map<String, String> fields = new HashMap<>();
        private @Nullable Object value;
        private @Nullable String flaw;
        private int format;

        Reader(JsonParser json) {
            this.json = json;
        }

        StoredValue read(long revision) throws IOException {
            while (format <= FORMAT && json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                readField(name, json.nextToken());
            }
            if (format > FORMAT) {
                return new StoredValue.Unreadable(
                        "format " + format + " (expected: at most " + FORMAT
                                + "; a later version of the library wrote it)",
                        true);
            }
            if (format < 1) {
                return new StoredValue.Unreadable("format: absent (expected: " + FORMAT + ")", false);
            }
            if (flaw != null) {
                return new StoredValue.Unreadable(flaw, false);
            }
            return value == null ? tombstone(kind()) : present(kind(), value, revision);
        }

        /** The first of two equal fields counts, since the value was read as of that kind; css never writes two. */
        private void readField(String name, JsonToken token) throws IOException {
            switch (name) {
                case "format" -> format = json.getIntValue();
                case "kind", "cluster", "origin", "observedAt", "describedAt", "arn", "at", "reason", "until" -> {
                    require(name, token, JsonToken.VALUE_STRING);
                    fields.putIfAbsent(name, json.getText());
                }
                case "version" -> {
                    require(name, token, JsonToken.VALUE_NUMBER_INT);
                    fields.putIfAbsent(name, json.getText());
                }
                case "value" -> {
                    require(name, token, JsonToken.START_OBJECT);
                    ShapeReader reader = new ShapeReader(json);
                    value = reader.readPojo(PojoShape.ofEntity(kind().type()));
                    flaw = reader.flaw();
                }
                default -> json.skipChildren();
            }
        }

        private static void require(String name, JsonToken token, JsonToken expected) {
            if (token != expected) {
                throw new IllegalArgumentException(name + ": " + token + " (expected: " + expected + ")");
            }
        }

        private <T> StoredValue present(EntityKind<T> kind, Object value, long revision) {
            T entity = kind.type().cast(value);
            Observed<T> observed =
                    Observed.of(kind, cluster(), entity, Origin.valueOf(field("origin")), moment("observedAt"));
            String describedAt = fields.get("describedAt");
            Observed<T> whole =
                    describedAt == null ? observed : observed.describedAs(entity, Timestamps.parse(describedAt));
            return new StoredValue.Present(whole.at(revision));
        }

        private <T> StoredValue tombstone(EntityKind<T> kind) {
            Removal<T> removal = new Removal<>(
                    kind,
                    field("arn"),
                    cluster(),
                    Long.parseLong(field("version")),
                    moment("at"),
                    Removal.Reason.valueOf(field("reason")));
            return new StoredValue.Tombstone(removal, moment("until"));
        }

        private String cluster() {
            return StringPool.SHARED.share(field("cluster"));
        }

        private EntityKind<?> kind() {
            String name = field("kind");
            EntityKind<?> kind = KINDS.get(name);
            if (kind == null) {
                throw new IllegalArgumentException("kind: " + name + " (expected: one of " + KINDS.keySet() + ")");
            }
            return kind;
        }

        private Instant moment(String name) {
            return Timestamps.parse(field(name));
        }

        private String field(String name) {
            String text = fields.get(name);
            if (text == null) {
                throw new IllegalArgumentException(name + ": absent (expected: a value)");
            }
            return text;
        }
    }
}
