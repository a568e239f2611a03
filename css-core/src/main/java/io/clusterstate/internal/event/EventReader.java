package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reader for message bodies: an EventBridge event, bare or inside an SNS notification.
 *
 * <p>It takes a single pass, whatever the order of the fields. The exception is an event whose type follows its detail:
 * the detail is then read at the end. No content of a message makes the reader throw.
 *
 * <p>Sources: the EventBridge reference, "Events structure"; the ECS developer guide, "Amazon ECS events"; the SNS
 * developer guide, "Amazon SNS message and JSON formats".
 *
 * <p>Thread: safe for any thread.
 */
public final class EventReader {

    private static final JsonFactory JSON = new JsonFactory();

    private EventReader() {}

    /**
     * Reads a body.
     *
     * @param body the text of a message
     * @param receivedAt the time of receipt, at which its change was observed
     * @return the content
     */
    public static ParsedBody read(String body, Instant receivedAt) {
        try {
            Envelope envelope = readEnvelope(body, receivedAt);
            return envelope.isNotification() ? readNotification(envelope, receivedAt) : envelope.parsed();
        } catch (IOException e) {
            return unreadable(e);
        }
    }

    /**
     * The SNS topic that sent an event.
     *
     * @param body the text of a message
     * @return the topic's ARN; empty if the message is no SNS notification
     */
    public static Optional<String> topicOf(String body) {
        try {
            return readEnvelope(body, Instant.EPOCH).topicArn();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static ParsedBody readNotification(Envelope notification, Instant receivedAt) throws IOException {
        String message = notification.message();
        if (message == null) {
            return notification.parsedSns();
        }
        return readEnvelope(message, receivedAt).parsed();
    }

    private static Envelope readEnvelope(String body, Instant receivedAt) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Envelope envelope = new Envelope(receivedAt);
        long detailAt = -1;
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableException("body", String.valueOf(json.currentToken()), "a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("detail") && !envelope.knowsType()) {
                    detailAt = json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                } else {
                    envelope.readField(name, json);
                }
            }
            if (json.nextToken() != null) {
                throw new UnreadableException("body", "text after the JSON object", "one JSON object");
            }
        }
        if (detailAt >= 0 && envelope.knowsType()) {
            readDetail(envelope, bytes, (int) detailAt);
        }
        return envelope;
    }

    private static void readDetail(Envelope envelope, byte[] bytes, int from) throws IOException {
        try (JsonParser json = JSON.createParser(bytes, from, bytes.length - from)) {
            json.nextToken();
            envelope.readField("detail", json);
        }
    }

    private static ParsedBody unreadable(IOException cause) {
        String message = cause instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage() + at(json)
                : cause.getMessage();
        return new ParsedBody.Unreadable(message == null ? cause.toString() : message);
    }

    private static String at(com.fasterxml.jackson.core.JsonProcessingException e) {
        com.fasterxml.jackson.core.@Nullable JsonLocation where = e.getLocation();
        return where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }
}
