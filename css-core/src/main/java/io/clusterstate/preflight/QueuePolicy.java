package io.clusterstate.preflight;

import io.clusterstate.preflight.PolicyStatement.Sender;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;

/**
 * A queue's policy: who may send.
 *
 * @param statements its statements
 * @param queueArn the queue
 */
record QueuePolicy(List<PolicyStatement> statements, String queueArn) {

    /** Reads a policy; empty if the text is not a JSON object. */
    static Optional<QueuePolicy> parse(String text, String queueArn) {
        return Json.object(text)
                .map(fields -> new QueuePolicy(
                        Json.list(fields.get("Statement")).stream()
                                .filter(Document::isMap)
                                .map(each -> new PolicyStatement(each.asMap()))
                                .toList(),
                        queueArn));
    }

    /** A policy without statements, which lets in nobody but the queue's own account. */
    static QueuePolicy none(String queueArn) {
        return new QueuePolicy(List.of(), queueArn);
    }

    /** Whether a service may send for a resource. */
    Verdict admits(Sender sender) {
        return applies(true, sender).and(applies(false, sender).not());
    }

    private Verdict applies(boolean isAllow, Sender sender) {
        return statements.stream()
                .filter(each -> each.isAllow() == isAllow)
                .map(each -> each.appliesTo(sender, queueArn))
                .reduce(Verdict.NO, Verdict::or);
    }

    /** The resources of a service that statements name, such as topics. */
    List<String> sourcesOf(String service) {
        return statements.stream()
                .filter(PolicyStatement::isAllow)
                .flatMap(each -> Json.list(each.fields().get("Condition")).stream())
                .filter(Document::isMap)
                .flatMap(each -> each.asMap().values().stream())
                .filter(Document::isMap)
                .map(Document::asMap)
                .flatMap(QueuePolicy::sources)
                .filter(arn -> arn.contains(":" + service + ":"))
                .distinct()
                .toList();
    }

    private static java.util.stream.Stream<String> sources(Map<String, Document> keys) {
        return keys.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase("aws:SourceArn"))
                .flatMap(each -> Json.texts(each.getValue()).stream());
    }

    /** The names of the statements that let in senders of every account. */
    List<String> openings() {
        return statements.stream()
                .filter(each -> each.isOpen(queueArn))
                .map(PolicyStatement::name)
                .toList();
    }
}
