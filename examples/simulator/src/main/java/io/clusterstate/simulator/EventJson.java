package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;

/** Writes events as EventBridge delivers them to a queue. */
final class EventJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_LENGTH = 4096;

    String of(EcsEvent event) {
        var place = Arns.placeOf(event.resource());
        var text = new StringWriter(USUAL_LENGTH);
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", "0");
            json.writeStringField("id", event.id());
            json.writeStringField("detail-type", event.kind());
            json.writeStringField("source", "aws.ecs");
            json.writeStringField("account", place.account());
            json.writeStringField(
                    "time", event.at().truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringField("region", place.region());
            json.writeArrayFieldStart("resources");
            json.writeString(event.resource());
            json.writeEndArray();
            json.writeObjectFieldStart("detail");
            var writer = new ModelWriter(EcsFormat.EVENT, json);
            if (event.entity() != null) {
                writer.writeFields(event.entity());
            }
            for (var entry : event.extra().entrySet()) {
                json.writeFieldName(entry.getKey());
                writer.writeValue(entry.getValue());
            }
            json.writeEndObject();
            if (event.replay() != null) {
                json.writeStringField("replay-name", event.replay());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "event: " + event.id() + " (expected: an event that can be written as JSON)", e);
        }
        return text.toString();
    }
}
