package io.clusterstate.preflight;

import io.clusterstate.preflight.EventPattern.Origin;
import io.clusterstate.preflight.RuleLooks.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at the way of an event to the queue: rule, target and policy. */
final class PathLooks {

    private static final List<PreflightCheck> OF_RULES =
            List.of(PreflightCheck.RULE, PreflightCheck.TARGET, PreflightCheck.EVENT_TYPES);

    private final Queue queue;
    private final Findings findings;

    PathLooks(Queue queue, Findings findings) {
        this.queue = queue;
        this.findings = findings;
    }

    void look(Optional<EventRules> rules, EcsLooks ecs) {
        PolicyLooks policy = new PolicyLooks(queue, findings);
        String account = ecs.home().map(it -> it.split(":", -1)[4]).orElse(queue.account());
        Origin origin = new Origin(account, queue.region(), Set.copyOf(ecs.selected()));
        List<Path> paths = rules.map(it -> new RuleLooks(it, queue, findings).look(policy.topics(), origin))
                .orElse(List.of());
        policy.look(paths);
        String why = rules.isEmpty()
                ? "no EventBridge client was given"
                : findings.isOk(PreflightCheck.RULE) ? "not looked at" : "no enabled rule was found";
        Optional<String> mend = rules.isEmpty()
                ? Optional.of("MirrorPreflight.rules(EventRules.of(EventBridgeClient.create()))")
                : Optional.empty();
        OF_RULES.forEach(check -> findings.unknown(check, why, "a rule of source aws.ecs", mend));
    }

    /** Notes that nothing about the queue is known. */
    static void withoutQueue(Findings findings) {
        for (PreflightCheck check : PreflightCheck.values()) {
            if (check.compareTo(PreflightCheck.EVENT_TYPES) <= 0) {
                findings.unknown(check, "the queue was not found", "the queue", Optional.empty());
            }
        }
    }
}
