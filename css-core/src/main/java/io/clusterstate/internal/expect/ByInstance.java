package io.clusterstate.internal.expect;

import static java.util.stream.Collectors.groupingBy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The starts and holds of a ledger, by the ARN of their instance. A look at every instance would otherwise search all
 * of them each time.
 */
record ByInstance(Map<String, List<Launch>> launches, Map<String, List<Hold>> holds) {

    static ByInstance of(Ledger ledger) {
        return new ByInstance(
                ledger.launches().values().stream()
                        .filter(launch -> launch.instanceArn() != null)
                        .collect(groupingBy(launch -> known(launch.instanceArn()))),
                ledger.holds().values().stream()
                        .filter(hold -> hold.instanceArn() != null)
                        .sorted(Comparator.comparingLong(Hold::id))
                        .collect(groupingBy(hold -> known(hold.instanceArn()))));
    }

    private static String known(@Nullable String instanceArn) {
        return Objects.requireNonNull(instanceArn);
    }

    List<Launch> launchesOn(String instanceArn) {
        return launches.getOrDefault(instanceArn, List.of());
    }

    /** The holds on an instance, in the order in which they were reserved. */
    List<Hold> holdsOn(String instanceArn) {
        return holds.getOrDefault(instanceArn, List.of());
    }
}
