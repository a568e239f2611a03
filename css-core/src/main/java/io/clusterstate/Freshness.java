package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far the view is known to be whole, and evidence of how events flow.
 *
 * <p>Promise 6: {@code freshUpTo} moves only when ECS itself confirmed: when a complete comparison of a cluster was
 * taken in, to the moment that it began, less an allowance for the API's own delay. No timer and no event moves it.
 *
 * @param freshUpTo every change that ECS showed before this moment is in the view; the oldest of all selected clusters;
 *     empty until each of them was compared once
 * @param clusters the same by cluster ARN
 * @param leftOut the clusters that the mirror leaves out because ECS denies to read them, by ARN, or by name where ECS
 *     does not say the ARN; the other moments say nothing about them. Only the mirror that compares knows them
 * @param eventLag how long the last event that was taken in had waited in the queue; empty before the first
 * @param lastEventAt when that was; empty before the first
 * @param link how this process is connected with the store; while that is not live, the view may lack what others have
 */
public record Freshness(
        Optional<Instant> freshUpTo,
        Map<String, Instant> clusters,
        Set<String> leftOut,
        Optional<Duration> eventLag,
        Optional<Instant> lastEventAt,
        StoreLink link) {

    /**
     * Freshness of a view that leaves no cluster out.
     *
     * @param freshUpTo up to when all selected clusters are whole
     * @param clusters the same by cluster ARN
     * @param eventLag how long the last event had waited in the queue
     * @param lastEventAt when that was taken in
     * @param link how this process is connected with the store
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
     * Up to when one cluster is known to be whole.
     *
     * @param nameOrArn the cluster
     * @return the moment; empty if there is no such cluster in the view, or it was not compared yet
     */
    public Optional<Instant> upTo(String nameOrArn) {
        return clusters.entrySet().stream()
                .filter(each -> EcsArn.isNamed(each.getKey(), nameOrArn))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
