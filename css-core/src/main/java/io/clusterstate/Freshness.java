package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The moment up to which the view is known to be complete, with evidence that events flow.
 *
 * <p>Promise 6: {@code freshUpTo} moves only when ECS itself has confirmed the view. A complete reconcile of a cluster
 * moves it to the start of that reconcile, less an allowance for the API's own delay. No timer and no event moves it.
 *
 * @param freshUpTo the moment before which every change that ECS showed is in the view, for the stalest selected
 *     cluster; empty until each cluster was reconciled once
 * @param clusters that moment for each cluster, by ARN
 * @param leftOut the clusters that the mirror leaves out because ECS denies access; an ARN, or a name where ECS does
 *     not report the ARN. The other moments do not cover them. Only the mirror that reconciles fills this
 * @param eventLag the time that the last applied event had waited in the queue; empty before the first event
 * @param lastEventAt the time at which that event was applied; empty before the first event
 * @param link the connection to the store; while it is not live, the view may lack changes of other processes
 */
public record Freshness(
        Optional<Instant> freshUpTo,
        Map<String, Instant> clusters,
        Set<String> leftOut,
        Optional<Duration> eventLag,
        Optional<Instant> lastEventAt,
        StoreLink link) {

    /** The freshness of a state that ECS has never confirmed, in a store of this process. */
    public static final Freshness NONE =
            new Freshness(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), StoreLink.LOCAL);

    /**
     * The freshness of a view that leaves no cluster out.
     *
     * @param freshUpTo the moment up to which all selected clusters are complete
     * @param clusters that moment for each cluster, by ARN
     * @param eventLag the time that the last applied event had waited in the queue
     * @param lastEventAt the time at which that event was applied
     * @param link the connection to the store
     */
    public Freshness(
            Optional<Instant> freshUpTo,
            Map<String, Instant> clusters,
            Optional<Duration> eventLag,
            Optional<Instant> lastEventAt,
            StoreLink link) {
        this(freshUpTo, clusters, Set.of(), eventLag, lastEventAt, link);
    }

    /**
     * The moment up to which a cluster is known to be complete.
     *
     * @param nameOrArn the cluster
     * @return the moment; empty if the view has no such cluster, or none that was reconciled
     */
    public Optional<Instant> upTo(String nameOrArn) {
        return clusters.entrySet().stream()
                .filter(each -> EcsArn.isNamed(each.getKey(), nameOrArn))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
