package io.clusterstate.simulator;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.LaunchType;

/**
 * The capacity providers of tasks and services. Source: the ECS API reference, {@code CapacityProviderStrategyItem} and
 * {@code RunTask}.
 */
final class Providers {
    static final List<String> FARGATE = List.of("FARGATE", "FARGATE_SPOT");

    private static final int MOST = 20;

    private Providers() {}

    /**
     * The strategy by which tasks are started: that of the request, or that of the cluster if the request has no launch
     * type either; empty if a launch type decides.
     */
    static List<CapacityProviderStrategyItem> strategy(
            LiveCluster cluster, @Nullable LaunchType launchType, List<CapacityProviderStrategyItem> asked) {
        if (launchType != null) {
            if (!asked.isEmpty()) {
                throw EcsError.invalid("Specifying both a launch type and capacity provider strategy is not supported. "
                        + "Remove one and try again.");
            }
            return List.of();
        }
        var strategy = asked.isEmpty() ? cluster.defaultStrategy() : asked;
        refuseUnfit(cluster, strategy);
        return strategy;
    }

    /** Whether a strategy has Fargate's own providers. */
    static boolean areFargate(List<CapacityProviderStrategyItem> strategy) {
        return strategy.stream().anyMatch(it -> FARGATE.contains(it.capacityProvider()));
    }

    /**
     * The provider of the next task: the first whose base is not reached, or the one that lies furthest behind its
     * weight. Null without a strategy.
     */
    static @Nullable String next(List<CapacityProviderStrategyItem> strategy, Collection<LiveTask> running) {
        Map<String, Long> counts = running.stream()
                .map(it -> Objects.requireNonNullElse(it.task().capacityProviderName(), ""))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        String next = null;
        double least = Double.POSITIVE_INFINITY;
        for (var item : strategy) {
            long count = counts.getOrDefault(item.capacityProvider(), 0L);
            int base = Objects.requireNonNullElse(item.base(), 0);
            if (count < base) {
                return item.capacityProvider();
            }
            int weight = weightOf(item, strategy);
            if (weight > 0 && (double) (count - base) / weight < least) {
                least = (double) (count - base) / weight;
                next = item.capacityProvider();
            }
        }
        return next;
    }

    /** Matches the hosts of a provider; all hosts without a provider. */
    static Predicate<LiveHost> hostsOf(@Nullable String provider) {
        return host -> provider == null || provider.equals(host.instance().capacityProviderName());
    }

    /** The weight, which is 1 for the only provider of a strategy without weights. */
    private static int weightOf(CapacityProviderStrategyItem item, List<CapacityProviderStrategyItem> strategy) {
        boolean isOnly = strategy.size() == 1 && item.weight() == null;
        return isOnly ? 1 : Objects.requireNonNullElse(item.weight(), 0);
    }

    private static void refuseUnfit(LiveCluster cluster, List<CapacityProviderStrategyItem> strategy) {
        Limits.atMost("Capacity providers", strategy, MOST);
        for (var item : strategy) {
            if (!cluster.view().capacityProviders().contains(item.capacityProvider())) {
                throw EcsError.invalid("The specified capacity provider '" + item.capacityProvider()
                        + "' was not found. Specify a valid name and try again.");
            }
        }
        if (areFargate(strategy) && !strategy.stream().allMatch(it -> FARGATE.contains(it.capacityProvider()))) {
            throw EcsError.invalid("A capacity provider strategy cannot contain a mix of capacity providers using "
                    + "Auto Scaling groups and Fargate providers.");
        }
        if (!strategy.isEmpty() && strategy.stream().allMatch(it -> weightOf(it, strategy) == 0)) {
            throw EcsError.invalid("capacityProviderStrategy: no weight (expected: a weight above 0)");
        }
    }
}
