package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.Optional;

/** What the body of a message turned out to say. */
public sealed interface ParsedBody {

    /**
     * An entity is like this.
     *
     * @param upsert the change, with origin {@code EVENT}
     * @param happenedAt when ECS changed the entity, by AWS's clock; empty where the event does not carry it
     * @param isReplay whether the event was sent again from an archive
     */
    record StateChange(Upsert<?> upsert, Optional<Instant> happenedAt, boolean isReplay) implements ParsedBody {}

    /**
     * Something happened to a service: ECS says what, but not how the service is now.
     *
     * @param eventType {@code INFO}, {@code WARN} or {@code ERROR}; empty where the event does not tell
     * @param eventName such as {@code SERVICE_STEADY_STATE}
     * @param serviceArn the service
     * @param clusterArn its cluster; empty where neither the event nor the ARN tells
     * @param reason ECS's own words; empty where it gives none
     */
    record Notice(
            Optional<String> eventType,
            String eventName,
            String serviceArn,
            Optional<String> clusterArn,
            Optional<String> reason)
            implements ParsedBody {}

    /**
     * An entity has changed, but not told comparably: it has to be described.
     *
     * @param kind the kind of entity
     * @param arn the entity
     * @param clusterArn its cluster; empty where neither the event nor the ARN tells
     * @param reason why this is only a hint
     */
    record Hint(EntityKind<?> kind, String arn, Optional<String> clusterArn, String reason) implements ParsedBody {}

    /**
     * A well-formed message that says nothing about the state of clusters.
     *
     * @param reason what it is
     */
    record Irrelevant(String reason) implements ParsedBody {}

    /**
     * SNS asks whether a subscription is to be: no event comes by it until somebody confirms that.
     *
     * @param type {@code SubscriptionConfirmation}, or {@code UnsubscribeConfirmation}: it was, and is no more
     * @param topicArn the topic
     * @param subscribeUrl what confirms the subscription when it is opened, as the message claims; empty where it does
     *     not tell
     */
    record Unconfirmed(String type, String topicArn, Optional<String> subscribeUrl) implements ParsedBody {

        /**
         * What it is, and what is to be done.
         *
         * @return one sentence
         */
        public String reason() {
            return "SNS " + type + " of " + topicArn
                    + " (expected: an event; a person has to confirm the subscription)";
        }
    }

    /**
     * A message that cannot be understood.
     *
     * @param reason what was found, and what was expected
     */
    record Unreadable(String reason) implements ParsedBody {}
}
