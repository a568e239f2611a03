package io.clusterstate.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * The rules of EventBridge, for a preflight that looks at them. The events of AWS services come to the default event
 * bus, so only its rules count.
 *
 * <p>Thread: safe for any thread. Source: the EventBridge API reference, {@code ListRuleNamesByTarget},
 * {@code DescribeRule} and {@code ListTargetsByRule}.
 */
public final class EventRules {

    private final EventBridgeClient client;

    /**
     * A rule.
     *
     * @param pattern its event pattern; null for a rule with a schedule
     */
    record Rule(String name, String arn, boolean isEnabled, @Nullable String pattern) {}

    /**
     * A target of a rule.
     *
     * @param isChanged whether the target receives something else than the event
     */
    record RuleTarget(String id, boolean isChanged) {}

    private EventRules(EventBridgeClient client) {
        this.client = client;
    }

    /**
     * Reads rules with a client.
     *
     * @param client a client of ECS's Region and account; the host closes it
     * @return the rules
     */
    @SuppressWarnings("exports") // a host that calls this requires the module itself
    public static EventRules of(EventBridgeClient client) {
        return new EventRules(client);
    }

    /** The names of the rules with a target. */
    List<String> namesByTarget(String targetArn) {
        List<String> names = new ArrayList<>();
        @Nullable String token = null;
        do {
            String from = token;
            ListRuleNamesByTargetResponse page = client.listRuleNamesByTarget(
                    request -> request.targetArn(targetArn).nextToken(from).overrideConfiguration(Trial.limited()));
            names.addAll(page.ruleNames());
            token = page.nextToken();
        } while (token != null);
        return names;
    }

    Rule describe(String name) {
        DescribeRuleResponse rule =
                client.describeRule(request -> request.name(name).overrideConfiguration(Trial.limited()));
        return new Rule(name, rule.arn(), rule.state() != RuleState.DISABLED, rule.eventPattern());
    }

    /** The target with an ARN; empty if the rule has lost it. */
    Optional<RuleTarget> target(String rule, String arn) {
        @Nullable String token = null;
        do {
            String from = token;
            ListTargetsByRuleResponse page = client.listTargetsByRule(
                    request -> request.rule(rule).nextToken(from).overrideConfiguration(Trial.limited()));
            Optional<RuleTarget> found = page.targets().stream()
                    .filter(each -> arn.equals(each.arn()))
                    .map(each -> new RuleTarget(each.id(), isChanged(each)))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
            token = page.nextToken();
        } while (token != null);
        return Optional.empty();
    }

    private static boolean isChanged(Target target) {
        return target.input() != null || target.inputPath() != null || target.inputTransformer() != null;
    }
}
