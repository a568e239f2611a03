package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** The fields in the order in which EventBridge writes them. The parser reads an expected name faster. */
    private static final SerializableString[] FIELDS = Stream.of(
                    "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
            .map(SerializedString::new)
            .toArray(SerializableString[]::new);

    private static final String BYTE_ORDER_MARK = "\ufeff";

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
            Envelope envelope = readEnvelope(withoutByteOrderMark(body), receivedAt);
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
            return readEnvelope(withoutByteOrderMark(body), Instant.EPOCH).topicArn();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String withoutByteOrderMark(String body) {
        return body.startsWith(BYTE_ORDER_MARK) ? body.substring(1) : body;
    }

    private static ParsedBody readNotification(Envelope notification, Instant receivedAt) throws IOException {
        String message = notification.message();
        if (message == null) {
            return notification.parsedSns();
        }
        return readEnvelope(withoutByteOrderMark(message), receivedAt).parsed();
    }

    private static Envelope readEnvelope(String body, Instant receivedAt) throws IOException {
        Envelope envelope = new Envelope(receivedAt);
        long detailAt = -1;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableException("body", String.valueOf(json.currentToken()), "a JSON object");
            }
            for (int field = 0; isNextName(json, FIELDS[field % FIELDS.length]); field++) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("detail") && !envelope.knowsType()) {
                    detailAt = json.currentTokenLocation().getCharOffset();
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
            readDetail(envelope, body.substring((int) detailAt));
        }
        return envelope;
    }

    private static boolean isNextName(JsonParser json, SerializableString expected) throws IOException {
        return json.nextFieldName(expected) || json.currentToken() == JsonToken.FIELD_NAME;
    }

    private static void readDetail(Envelope envelope, String detail) throws IOException {
        try (JsonParser json = JSON.createParser(detail)) {
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
