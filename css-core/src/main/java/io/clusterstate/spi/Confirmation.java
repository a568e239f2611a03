package io.clusterstate.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The part of a store's state that reconcile passes have confirmed.
 *
 * @param isLoaded whether the first complete load of the selected clusters has ended
 * @param listUpTo the moment up to which the list of clusters is complete and each cluster on it was reconciled; empty
 *     before the first such list
 * @param clusters the moment up to which each cluster is complete, by ARN; clusters that were never reconciled are
 *     absent
 */
public record Confirmation(boolean isLoaded, Optional<Instant> listUpTo, Map<String, Instant> clusters) {

    /** A confirmation of nothing. */
    public static final Confirmation NONE = new Confirmation(false, Optional.empty(), Map.of());

    /**
     * Creates a confirmation.
     *
     * @param isLoaded whether the first complete load has ended
     * @param listUpTo the moment up to which the list of clusters is complete
     * @param clusters the moment up to which each cluster is complete; copied
     */
    public Confirmation {
        requireNonNull(listUpTo, "listUpTo: null (expected: a moment, or empty)");
        clusters = Map.copyOf(clusters);
    }

    /**
     * The moment up to which everything is complete. It is that of the stalest cluster, and never later than that of
     * the list: a cluster that is not on the list yet may have changed since.
     *
     * @return the moment; empty until each cluster was reconciled once
     */
    public Optional<Instant> whole() {
        return listUpTo.map(
                list -> clusters.values().stream().reduce(list, (one, other) -> one.isBefore(other) ? one : other));
    }

    /**
     * The moment up to which a cluster is complete.
     *
     * @param clusterArn the cluster
     * @return the moment; empty if the cluster was never reconciled
     */
    public Optional<Instant> of(String clusterArn) {
        return Optional.ofNullable(clusters.get(clusterArn));
    }

    /**
     * This confirmation by a clock that was set since.
     *
     * @param step the correction of the clock; negative if it was set back
     * @return a copy with every moment moved
     */
    public Confirmation plus(Duration step) {
        return map(moment -> moment.plus(step));
    }

    /**
     * This confirmation with later moments replaced by the given one, since a confirmed moment cannot lie in the
     * future.
     *
     * @param latest the latest possible moment, commonly the time by this process's clock
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
