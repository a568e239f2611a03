package io.clusterstate.preflight;

import io.clusterstate.preflight.PolicyStatement.Sender;
import io.clusterstate.preflight.RuleLooks.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Looks at the queue's policy: it lets in what brings the events, and nobody else. */
final class PolicyLooks {

    private static final String EVENTS = "events.amazonaws.com";
    private static final String EXPECTED = "a statement that lets the rule alone send";

    private final Queue queue;
    private final Findings findings;
    private final Optional<QueuePolicy> policy;

    PolicyLooks(Queue queue, Findings findings) {
        this.queue = queue;
        this.findings = findings;
        this.policy = queue.attribute(QueueAttributeName.POLICY)
                .map(text -> QueuePolicy.parse(text, queue.arn()))
                .orElse(Optional.of(QueuePolicy.none(queue.arn())));
    }

    /** The SNS topics that may send. */
    List<String> topics() {
        return policy.map(it -> it.sourcesOf("sns")).orElse(List.of()).stream()
                .filter(arn -> !arn.contains("*"))
                .toList();
    }

    /**
     * Judges the policy.
     *
     * @param paths the enabled rules; none if they are not known
     */
    void look(List<Path> paths) {
        String ruleArn = paths.isEmpty() ? someRule() : paths.get(0).rule().arn();
        if (policy.isEmpty()) {
            findings.unknown(PreflightCheck.QUEUE_POLICY, "the policy is no JSON object", EXPECTED, Optional.empty());
            return;
        }
        admission(
                paths.isEmpty()
                        ? List.of(rule(ruleArn))
                        : paths.stream().map(this::sender).toList(),
                ruleArn);
        List<String> openings = policy.get().openings();
        if (openings.isEmpty()) {
            findings.ok(PreflightCheck.OTHER_SENDERS, "let in by name only");
        } else {
            findings.missing(
                    PreflightCheck.OTHER_SENDERS,
                    String.join(", ", openings) + ": lets in senders of every account",
                    EXPECTED,
                    Mend.letIn(ruleArn, queue.arn()));
        }
    }

    private void admission(List<Sender> senders, String ruleArn) {
        PreflightCheck check = PreflightCheck.QUEUE_POLICY;
        for (Sender sender : senders) {
            switch (policy.orElseThrow().admits(sender)) {
                case YES -> {}
                case NO ->
                    findings.missing(check, sender.arn() + ": not let in", EXPECTED, Mend.letIn(ruleArn, queue.arn()));
                case UNKNOWN ->
                    findings.unknown(
                            check,
                            sender.arn() + ": the policy has conditions that were not understood",
                            EXPECTED,
                            Optional.of(Mend.letIn(ruleArn, queue.arn())));
            }
        }
        findings.ok(check, "lets in " + senders.get(0).arn());
    }

    /** A rule that the policy names, or the place of any rule. */
    private String someRule() {
        return policy.map(it -> it.sourcesOf("events")).orElse(List.of()).stream()
                .findFirst()
                .orElse(queue.ruleArn("css-events"));
    }

    private Sender sender(Path path) {
        return path.targetArn().equals(queue.arn())
                ? rule(path.rule().arn())
                : new Sender(
                        "sns.amazonaws.com", path.targetArn(), path.targetArn().split(":", -1)[4]);
    }

    private static Sender rule(String arn) {
        return new Sender(EVENTS, arn, arn.split(":", -1).length > 4 ? arn.split(":", -1)[4] : "");
    }
}
