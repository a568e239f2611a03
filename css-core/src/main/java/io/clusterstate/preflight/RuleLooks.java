package io.clusterstate.preflight;

import io.clusterstate.preflight.EventPattern.Origin;
import io.clusterstate.preflight.EventRules.Rule;
import io.clusterstate.preflight.EventRules.RuleTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the rules that bring events to the queue, directly or by an SNS topic. */
final class RuleLooks {

    private static final String LIST = "events:ListRuleNamesByTarget";
    private static final String NAME = "css-events";
    private static final String PATTERN =
            """
            '{"source":["aws.ecs"],"detail-type":[
                "ECS Task State Change","ECS Container Instance State Change",
                "ECS Service Action","ECS Deployment State Change"]}'""";

    private final EventRules rules;
    private final Queue queue;
    private final Findings findings;
    private final Trial trial;

    /** An enabled rule and the target by which its events come. */
    record Path(Rule rule, String targetArn) {}

    RuleLooks(EventRules rules, Queue queue, Findings findings) {
        this.rules = rules;
        this.queue = queue;
        this.findings = findings;
        this.trial = Trial.ofPreflight(findings);
    }

    /**
     * Looks at the rules of each target.
     *
     * @param topics the SNS topics that may send to the queue
     * @return the enabled rules
     */
    List<Path> look(List<String> topics, Origin origin) {
        List<Path> all = new ArrayList<>();
        List<String> targets = new ArrayList<>(List.of(queue.arn()));
        targets.addAll(topics);
        for (String target : targets) {
            Optional<List<Path>> found = call(PreflightCheck.RULE, LIST, () -> paths(target));
            if (found.isEmpty()) {
                return List.of();
            }
            all.addAll(found.get());
        }
        List<Path> enabled =
                all.stream().filter(each -> each.rule().isEnabled()).toList();
        judge(all, enabled);
        if (!enabled.isEmpty()) {
            targets(enabled);
            types(enabled, origin);
        }
        return enabled;
    }

    private List<Path> paths(String target) {
        return rules.namesByTarget(target).stream()
                .map(name -> new Path(rules.describe(name), target))
                .toList();
    }

    private void judge(List<Path> all, List<Path> enabled) {
        if (!enabled.isEmpty()) {
            findings.ok(PreflightCheck.RULE, String.join(", ", names(enabled)));
        } else if (all.isEmpty()) {
            findings.missing(
                    PreflightCheck.RULE,
                    "no rule of the default event bus has the queue as its target",
                    "a rule of source aws.ecs",
                    Mend.aws("events put-rule", region(), "--name " + NAME, "--event-pattern " + PATTERN) + "\n"
                            + Mend.aws(
                                    "events put-targets",
                                    region(),
                                    "--rule " + NAME,
                                    "--targets Id=css,Arn=" + queue.arn()));
        } else {
            findings.missing(
                    PreflightCheck.RULE,
                    String.join(", ", names(all)) + ": disabled",
                    "an enabled rule",
                    Mend.aws(
                            "events enable-rule",
                            region(),
                            "--name " + names(all).get(0)));
        }
    }

    private static List<String> names(List<Path> paths) {
        return paths.stream().map(each -> each.rule().name()).distinct().toList();
    }

    private void targets(List<Path> paths) {
        for (Path path : paths) {
            String rule = path.rule().name();
            Optional<Optional<RuleTarget>> target =
                    call(PreflightCheck.TARGET, "events:ListTargetsByRule", () -> rules.target(rule, path.targetArn()));
            if (target.isEmpty()) {
                return;
            }
            target.get()
                    .filter(RuleTarget::isChanged)
                    .ifPresent(changed -> findings.missing(
                            PreflightCheck.TARGET,
                            rule + ": its target receives an input of the rule's, not the event",
                            "the whole event",
                            Mend.aws(
                                    "events put-targets",
                                    region(),
                                    "--rule " + rule,
                                    "--targets Id=" + changed.id() + ",Arn=" + path.targetArn())));
        }
        findings.ok(PreflightCheck.TARGET, "the whole event");
    }

    private void types(List<Path> paths, Origin origin) {
        List<EventPattern> patterns = paths.stream()
                .flatMap(each -> Optional.ofNullable(each.rule().pattern()).flatMap(EventPattern::parse).stream())
                .toList();
        List<String> dropped = new ArrayList<>();
        boolean isClear = true;
        for (String type : EventPattern.NEEDED) {
            Verdict verdict =
                    patterns.stream().map(each -> each.passes(type, origin)).reduce(Verdict.NO, Verdict::or);
            isClear &= verdict == Verdict.YES;
            if (verdict == Verdict.NO) {
                dropped.add(type);
            }
        }
        if (isClear) {
            findings.ok(PreflightCheck.EVENT_TYPES, "all " + EventPattern.NEEDED.size() + " detail-types");
        } else {
            judge(
                    paths.get(0).rule().name(),
                    dropped,
                    patterns.stream()
                            .flatMap(each -> each.filters().stream())
                            .distinct()
                            .toList());
        }
    }

    private void judge(String rule, List<String> dropped, List<String> filters) {
        String by = filters.isEmpty() ? "" : " (filters: " + String.join(", ", filters) + ")";
        String expected = "every event of the " + EventPattern.NEEDED.size() + " detail-types";
        String mend = Mend.aws("events put-rule", region(), "--name " + rule, "--event-pattern " + PATTERN);
        if (dropped.isEmpty()) {
            findings.unknown(
                    PreflightCheck.EVENT_TYPES,
                    rule + ": its pattern has filters that were not understood" + by,
                    expected,
                    Optional.of(mend));
        } else {
            findings.missing(
                    PreflightCheck.EVENT_TYPES,
                    rule + ": passes not all of " + String.join(", ", dropped) + by,
                    expected,
                    mend);
        }
    }

    private String region() {
        return "--region " + queue.region();
    }

    private <R> Optional<R> call(PreflightCheck check, String right, java.util.function.Supplier<R> call) {
        return trial.call(check, right, "*", call);
    }
}
