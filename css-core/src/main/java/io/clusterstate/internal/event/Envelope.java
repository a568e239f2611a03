package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.EntityKind;
import io.clusterstate.internal.json.Timestamps;
import io.clusterstate.internal.shape.StringPool;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of an EventBridge event or SNS notification, while they are read. */
final class Envelope {

    private static final String ECS = "aws.ecs";

    /** The detail readers by relevant detail type. */
    private static final Map<String, DetailReader> DETAILS = Map.of(
            "ECS Task State Change", EntityDetail.of(EntityKind.TASK),
            "ECS Container Instance State Change", EntityDetail.of(EntityKind.INSTANCE),
            "ECS Service Action", ServiceDetail::read,
            "ECS Deployment State Change", ServiceDetail::read,
            "ECS Container Instance Health Change", HealthDetail::read);

    /** The messages with which SNS asks for the confirmation of a subscription, or of its end. */
    private static final Set<String> CONFIRMATIONS = Set.of("SubscriptionConfirmation", "UnsubscribeConfirmation");

    private static final Pattern TOPIC = Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_.-]{1,256}");

    private final Instant receivedAt;
    private @Nullable String source;
    private @Nullable String detailType;
    private @Nullable String resource;
    private @Nullable Instant time;
    private boolean isReplay;
    private @Nullable String notificationType;
    private @Nullable String message;
    private @Nullable String topicArn;
    private @Nullable String subscribeUrl;
    private @Nullable Detail detail;

    Envelope(Instant receivedAt) {
        this.receivedAt = receivedAt;
    }

    /** Reads the value of the field {@code name} at the parser's position. */
    void readField(String name, JsonParser json) throws IOException {
        switch (name) {
            case "source" -> source = text(json);
            case "detail-type" -> detailType = text(json);
            case "resources" -> resource = firstOf(json);
            case "time" -> time = moment(json);
            case "replay-name" -> isReplay = text(json) != null;
            case "detail" -> detail = readDetail(json);
            case "Type" -> notificationType = text(json);
            case "Message" -> message = text(json);
            case "TopicArn" -> topicArn = text(json);
            case "SubscribeURL" -> subscribeUrl = text(json);
            default -> json.skipChildren();
        }
    }

    boolean knowsType() {
        return detailType != null;
    }

    boolean isNotification() {
        return detailType == null && notificationType != null;
    }

    /** The topic of an SNS notification; empty for any other message. */
    Optional<String> topicArn() {
        return isNotification() && message() != null ? Optional.ofNullable(topicArn) : Optional.empty();
    }

    /** The content of an SNS message that carries no event. */
    ParsedBody parsedSns() {
        if (notificationType == null || !CONFIRMATIONS.contains(notificationType)) {
            return new ParsedBody.Irrelevant("SNS " + notificationType);
        }
        if (topicArn == null || !TOPIC.matcher(topicArn).matches()) {
            return new ParsedBody.Unreadable(
                    "TopicArn: " + topicArn + " (expected: arn:PARTITION:sns:REGION:ACCOUNT:NAME)");
        }
        return new ParsedBody.Unconfirmed(notificationType, topicArn, Optional.ofNullable(subscribeUrl));
    }

    /** The message of a notification; null for other types of SNS messages. */
    @Nullable String message() {
        return "Notification".equals(notificationType) ? message : null;
    }

    /** The content of the whole event, once all its fields are read. */
    ParsedBody parsed() {
        if (detailType == null) {
            return new ParsedBody.Unreadable("detail-type: absent (expected: an EventBridge event)");
        }
        if (source != null && !source.equals(ECS)) {
            return new ParsedBody.Irrelevant("source " + source);
        }
        if (!DETAILS.containsKey(detailType)) {
            return new ParsedBody.Irrelevant("detail-type " + detailType);
        }
        return detail == null
                ? new ParsedBody.Unreadable("detail: no object (expected: the detail of an " + detailType + ")")
                : detail.parsed(new Detail.Context(resource, time, isReplay, receivedAt));
    }

    private @Nullable Detail readDetail(JsonParser json) throws IOException {
        DetailReader reader = detailType == null ? null : DETAILS.get(detailType);
        if (reader == null
                || (source != null && !source.equals(ECS))
                || json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        return reader.read(json);
    }

    /** The single value at the parser's position, as text; null if there is none. */
    static @Nullable String text(JsonParser json) throws IOException {
        if (json.currentToken().isStructStart()) {
            json.skipChildren();
            return null;
        }
        return json.currentToken() == JsonToken.VALUE_NULL
                ? null
                : StringPool.SHARED.share(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    /** The timestamp at the parser's position; null if there is none. */
    static @Nullable Instant moment(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return null;
        }
        try {
            return Timestamps.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        } catch (DateTimeException e) {
            return null; // an input transformer wrote it: the time of receipt serves instead
        }
    }

    private static @Nullable String firstOf(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return text(json);
        }
        String first = null;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String each = text(json);
            first = first == null ? each : first;
        }
        return first;
    }
}
