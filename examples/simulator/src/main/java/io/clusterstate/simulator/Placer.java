package io.clusterstate.simulator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Chooses the instance of a new task: among those with room and all attributes, which satisfy the constraints, by each
 * strategy in turn. Instances that are equal by all strategies are taken in the order of their registration. Source:
 * the ECS developer guide, "How Amazon ECS places tasks", "Task placement strategies", "Task placement constraints".
 */
final class Placer {
    private final Randomness random;

    Placer(Randomness random) {
        this.random = random;
    }

    /** A host for a further task of the group; empty if every host refuses it. */
    Optional<LiveHost> place(LiveCluster cluster, TaskTemplate template, String group, PlacementRules rules) {
        if (rules.isEmpty() && template.needs().members().isEmpty()) {
            return cluster.roomFor(template);
        }
        if (rules.strategies().isEmpty()) {
            return cluster.roomFor(host -> refusal(host, template, group, rules).isEmpty());
        }
        var candidates = cluster.open().stream()
                .filter(host -> refusal(host, template, group, rules).isEmpty())
                .sorted(Comparator.comparingLong(LiveHost::position))
                .toList();
        for (var strategy : rules.strategies()) {
            candidates = candidates.isEmpty() ? candidates : best(cluster, candidates, group, strategy);
        }
        return candidates.stream().findFirst();
    }

    /**
     * The reason, in ECS's words, why a task cannot be placed on a host; empty if it can. Source: the ECS developer
     * guide, "API failure reasons"; the words about {@code distinctInstance} follow those about {@code memberOf}.
     */
    static Optional<String> refusal(LiveHost host, TaskTemplate template, String group, PlacementRules rules) {
        var refusal = host.refusal(template);
        if (refusal.isPresent()) {
            return refusal;
        }
        boolean isMember = rules.members().stream().allMatch(it -> it.test(host))
                && template.needs().members().stream().allMatch(it -> it.test(host));
        if (!isMember) {
            return Optional.of("MemberOf placement constraint unsatisfied.");
        }
        return rules.distinct() && tasksOf(group, host) > 0
                ? Optional.of("DistinctInstance placement constraint unsatisfied.")
                : Optional.empty();
    }

    private List<LiveHost> best(
            LiveCluster cluster, List<LiveHost> candidates, String group, PlacementRules.Strategy strategy) {
        return switch (strategy.kind()) {
            case RANDOM -> List.of(random.oneOf(candidates));
            case BINPACK_CPU -> least(candidates, it -> it.capacity().cpu());
            case BINPACK_MEMORY -> least(candidates, it -> it.capacity().memory());
            case SPREAD -> fewest(cluster, candidates, group, strategy);
        };
    }

    /** The candidates with the fewest tasks of the group on all instances of an equal value. */
    private static List<LiveHost> fewest(
            LiveCluster cluster, List<LiveHost> candidates, String group, PlacementRules.Strategy strategy) {
        var field = strategy.field();
        if (field == null) {
            return least(candidates, it -> tasksOf(group, it));
        }
        Function<LiveHost, String> value = host -> String.join(",", field.valuesOf(host));
        Map<String, Long> counts = new HashMap<>();
        for (var host : cluster.hosts().values()) {
            counts.merge(value.apply(host), tasksOf(group, host), Long::sum);
        }
        return least(candidates, host -> counts.getOrDefault(value.apply(host), 0L));
    }

    /** The number of tasks of a group on a host, without those that are stopping. */
    private static long tasksOf(String group, LiveHost host) {
        return host.tasks().stream()
                .filter(it -> !it.isStopping() && group.equals(it.task().group()))
                .count();
    }

    private static List<LiveHost> least(List<LiveHost> candidates, ToLongFunction<LiveHost> amount) {
        long least = candidates.stream().mapToLong(amount).min().orElse(0);
        return candidates.stream().filter(it -> amount.applyAsLong(it) == least).toList();
    }
}
