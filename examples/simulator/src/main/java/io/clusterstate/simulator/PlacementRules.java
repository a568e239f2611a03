package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;

/**
 * The constraints and strategies of a request. Source: the ECS API reference, {@code PlacementConstraint} and
 * {@code PlacementStrategy}, and the messages that users quote (hashicorp/terraform#11471).
 *
 * @param members the tests of all member-of constraints
 * @param distinct whether each task of the group has to be on another instance
 * @param strategies the strategies, in their order
 */
record PlacementRules(List<Predicate<LiveHost>> members, boolean distinct, List<Strategy> strategies) {
    static final PlacementRules NONE = new PlacementRules(List.of(), false, List.of());

    private static final int MOST_CONSTRAINTS = 10;
    private static final int MOST_STRATEGIES = 5;

    PlacementRules {
        members = List.copyOf(members);
        strategies = List.copyOf(strategies);
    }

    /** The rules of a request, which have to be none on Fargate. */
    static PlacementRules of(
            List<PlacementConstraint> constraints, List<PlacementStrategy> strategies, boolean onFargate) {
        if (onFargate) {
            refuseAny("Placement constraints", constraints);
            refuseAny("Placement strategies", strategies);
        }
        Limits.atMost("Placement constraints", constraints, MOST_CONSTRAINTS);
        Limits.atMost("Placement strategies", strategies, MOST_STRATEGIES);
        boolean isDistinct = false;
        var members = new ArrayList<Predicate<LiveHost>>();
        for (var constraint : constraints) {
            if (constraint.type() == PlacementConstraintType.MEMBER_OF) {
                members.add(Expression.parse(Objects.requireNonNullElse(constraint.expression(), "")));
            } else {
                refuseUnlessDistinct(constraint);
                isDistinct = true;
            }
        }
        return new PlacementRules(
                members, isDistinct, strategies.stream().map(Strategy::of).toList());
    }

    /** These rules, on the instances of a capacity provider only; these rules for null. */
    PlacementRules within(@Nullable String provider) {
        if (provider == null) {
            return this;
        }
        var narrowed = new ArrayList<>(members);
        narrowed.add(Providers.hostsOf(provider));
        return new PlacementRules(narrowed, distinct, strategies);
    }

    boolean isEmpty() {
        return members.isEmpty() && !distinct && strategies.isEmpty();
    }

    private static void refuseAny(String what, List<?> rules) {
        if (!rules.isEmpty()) {
            throw EcsError.invalid(what + " are not supported with FARGATE launch type.");
        }
    }

    private static void refuseUnlessDistinct(PlacementConstraint constraint) {
        if (constraint.type() != PlacementConstraintType.DISTINCT_INSTANCE) {
            throw EcsError.invalid("type: " + constraint.typeAsString() + " (expected: memberOf or distinctInstance)");
        }
        if (constraint.expression() != null) {
            throw EcsError.invalid("distinctInstance expression should not be specified.");
        }
    }

    /**
     * A strategy.
     *
     * @param kind the kind
     * @param field the subject by whose values tasks are spread; null for instances themselves, and for other kinds
     */
    record Strategy(Kind kind, @Nullable HostField field) {
        static Strategy of(PlacementStrategy strategy) {
            var field = Objects.requireNonNullElse(strategy.field(), "");
            var type = Objects.requireNonNullElse(strategy.type(), PlacementStrategyType.UNKNOWN_TO_SDK_VERSION);
            return switch (type) {
                case RANDOM -> new Strategy(Kind.RANDOM, null);
                case BINPACK -> binpack(field.toLowerCase(Locale.ROOT));
                case SPREAD -> spread(field);
                default ->
                    throw EcsError.invalid(
                            "type: " + strategy.typeAsString() + " (expected: random, spread or binpack)");
            };
        }

        private static Strategy binpack(String field) {
            return switch (field) {
                case "cpu" -> new Strategy(Kind.BINPACK_CPU, null);
                case "memory" -> new Strategy(Kind.BINPACK_MEMORY, null);
                default -> throw EcsError.invalid("field: " + field + " (expected: cpu or memory)");
            };
        }

        private static Strategy spread(String field) {
            if (field.equalsIgnoreCase("instanceId") || field.equalsIgnoreCase("host")) {
                return new Strategy(Kind.SPREAD, null);
            }
            if (!field.startsWith("attribute:")) {
                throw EcsError.invalid("field: " + field + " (expected: instanceId, host or attribute:NAME)");
            }
            return new Strategy(Kind.SPREAD, HostField.named(field).orElseThrow());
        }
    }

    /** The kinds of strategies. */
    enum Kind {
        RANDOM,
        SPREAD,
        BINPACK_CPU,
        BINPACK_MEMORY
    }
}
