package io.clusterstate.preflight;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The queue that was found.
 *
 * @param url its URL
 * @param arn its ARN
 * @param attributes its attributes
 */
record Queue(String url, String arn, Map<QueueAttributeName, String> attributes) {

    /** The mirror's own limit without a redrive policy; restarts and outages use up some receipts. */
    static final int LEAST_RECEIPTS = 5;

    private static final int REGION = 3;
    private static final int ACCOUNT = 4;
    private static final int NAME = 5;
    private static final int PARTS = 6;

    /** Reads the attributes; empty if there is no ARN among them. */
    static Optional<Queue> of(String url, Map<QueueAttributeName, String> attributes) {
        String arn = attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        return arn.split(":", -1).length == PARTS ? Optional.of(new Queue(url, arn, attributes)) : Optional.empty();
    }

    Optional<String> attribute(QueueAttributeName name) {
        return Optional.ofNullable(attributes.get(name)).filter(each -> !each.isBlank());
    }

    /** The redrive policy; no fields without one. */
    Map<String, Document> redrivePolicy() {
        return attribute(QueueAttributeName.REDRIVE_POLICY)
                .flatMap(Json::object)
                .orElse(Map.of());
    }

    /** The number of receipts after which a message moves to the dead letters; huge if none does. */
    int mostReceipts() {
        return Json.texts(redrivePolicy().get("maxReceiveCount")).stream()
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .findFirst()
                .orElse(redrivePolicy().isEmpty() ? Integer.MAX_VALUE : 0);
    }

    String partition() {
        return part(1);
    }

    String region() {
        return part(REGION);
    }

    String account() {
        return part(ACCOUNT);
    }

    String name() {
        return part(NAME);
    }

    private String part(int index) {
        return arn.split(":", -1)[index];
    }

    /** The ARN of a rule of the queue's account on the default event bus. */
    String ruleArn(String rule) {
        return "arn:" + partition() + ":events:" + region() + ":" + account() + ":rule/" + rule;
    }

    /** A command that sets attributes. */
    String setAttributes(String json) {
        return Mend.aws(
                "sqs set-queue-attributes",
                "--region " + region(),
                "--queue-url " + url,
                "--attributes '" + json + "'");
    }
}
