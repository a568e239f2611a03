package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.Optional;

/** The content of a message body. */
public sealed interface ParsedBody {

    /** The most characters of a reason, which goes to the log: it quotes the message, and that may have 1 MiB. */
    int LONGEST_REASON = 500;

    /**
     * An event that carries the state of an entity.
     *
     * @param upsert the change, with origin {@code EVENT}
     * @param happenedAt the time of the change in ECS, by AWS's clock; empty if the event does not carry it
     * @param isReplay whether the event was replayed from an archive
     */
    record StateChange(Upsert<?> upsert, Optional<Instant> happenedAt, boolean isReplay) implements ParsedBody {}

    /**
     * An event about a service that does not carry its state.
     *
     * @param eventType {@code INFO}, {@code WARN} or {@code ERROR}; empty if the event has none
     * @param eventName a name such as {@code SERVICE_STEADY_STATE}
     * @param serviceArn the service
     * @param clusterArn its cluster; empty if neither the event nor the ARN carries it
     * @param reason the reason in ECS's words; empty if the event has none
     */
    record Notice(
            Optional<String> eventType,
            String eventName,
            String serviceArn,
            Optional<String> clusterArn,
            Optional<String> reason)
            implements ParsedBody {}

    /**
     * An event about an entity whose state is absent or cannot be compared; the mirror must describe the entity.
     *
     * @param kind the kind of entity
     * @param arn the entity
     * @param clusterArn its cluster; empty if neither the event nor the ARN carries it
     * @param reason the missing part
     */
    record Hint(EntityKind<?> kind, String arn, Optional<String> clusterArn, String reason) implements ParsedBody {

        /**
         * Cuts a long reason.
         *
         * @param kind the kind of entity
         * @param arn the entity
         * @param clusterArn its cluster; empty if neither the event nor the ARN carries it
         * @param reason the missing part
         */
        public Hint {
            reason = brief(reason);
        }
    }

    /**
     * A well-formed message that does not concern the state of clusters.
     *
     * @param reason its type or source
     */
    record Irrelevant(String reason) implements ParsedBody {

        /**
         * Cuts a long reason.
         *
         * @param reason its type or source
         */
        public Irrelevant {
            reason = brief(reason);
        }
    }

    /**
     * A request of SNS to confirm a subscription; it sends no event until somebody confirms it.
     *
     * @param type {@code SubscriptionConfirmation}; or {@code UnsubscribeConfirmation}, after the subscription was
     *     ended
     * @param topicArn the topic
     * @param subscribeUrl the URL that confirms the subscription when it is opened, as the message claims; empty if it
     *     has none
     */
    record Unconfirmed(String type, String topicArn, Optional<String> subscribeUrl) implements ParsedBody {

        /**
         * The request, and the necessary action.
         *
         * @return one sentence
         */
        public String reason() {
            return "SNS " + type + " of " + topicArn
                    + " (expected: an event; confirm the subscription to receive events)";
        }
    }

    /**
     * A message that cannot be read.
     *
     * @param reason the fault, and the expected content
     */
    record Unreadable(String reason) implements ParsedBody {

        /**
         * Cuts a long reason.
         *
         * @param reason the fault, and the expected content
         */
        public Unreadable {
            reason = brief(reason);
        }
    }

    private static String brief(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON - 1) + "…";
    }
}
