package io.clusterstate.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What comparisons with the ECS API have confirmed of the state in a store.
 *
 * @param isLoaded whether the first complete load of the selected clusters is in
 * @param listUpTo a list of clusters of which every one was compared was whole up to then; empty before the first
 * @param clusters up to when each cluster is whole, by its ARN; those that were never compared are not in it
 */
public record Confirmation(boolean isLoaded, Optional<Instant> listUpTo, Map<String, Instant> clusters) {

    /** Nothing. */
    public static final Confirmation NONE = new Confirmation(false, Optional.empty(), Map.of());

    /**
     * A confirmation.
     *
     * @param isLoaded whether the first complete load is in
     * @param listUpTo up to when the list of clusters is whole
     * @param clusters up to when each cluster is whole; copied
     */
    public Confirmation {
        requireNonNull(listUpTo, "listUpTo: null (expected: a moment, or empty)");
        clusters = Map.copyOf(clusters);
    }

    /**
     * Up to when all of it is whole: as the oldest cluster, and no fresher than the list of clusters, since a cluster
     * that is not on it yet may have changed at any time since.
     *
     * @return the moment; empty until each cluster was compared once
     */
    public Optional<Instant> whole() {
        return listUpTo.map(
                list -> clusters.values().stream().reduce(list, (one, other) -> one.isBefore(other) ? one : other));
    }

    /**
     * Up to when one cluster is whole.
     *
     * @param clusterArn the cluster
     * @return the moment; empty if it was never compared
     */
    public Optional<Instant> of(String clusterArn) {
        return Optional.ofNullable(clusters.get(clusterArn));
    }

    /**
     * The same by a clock that was set since.
     *
     * @param step by how much; negative if it was set back
     * @return a copy with every moment moved
     */
    public Confirmation plus(Duration step) {
        return map(moment -> moment.plus(step));
    }

    /**
     * The same, with what is later than a moment taken for that moment: what was confirmed cannot lie ahead.
     *
     * @param latest commonly the time by this process's clock
     * @return this, or a copy
     */
    public Confirmation notAfter(Instant latest) {
        boolean isAhead = listUpTo.filter(latest::isBefore).isPresent()
                || clusters.values().stream().anyMatch(latest::isBefore);
        return isAhead ? map(moment -> moment.isAfter(latest) ? latest : moment) : this;
    }

    private Confirmation map(UnaryOperator<Instant> change) {
        Map<String, Instant> changed = new HashMap<>(clusters);
        changed.replaceAll((arn, upTo) -> change.apply(upTo));
        return new Confirmation(isLoaded, listUpTo.map(change), changed);
    }
}
