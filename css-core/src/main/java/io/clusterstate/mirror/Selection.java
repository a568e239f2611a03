package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.ecs.Home;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The part of ECS that a mirror follows: the selected clusters of its home that it may read, and the selected kinds in
 * them.
 *
 * <p>Thread: safe for any thread.
 */
final class Selection {

    private static final String UNKNOWN_ACCOUNT =
            "account: unknown, so the mirror does not poll yet (expected: a cluster that ECS lists, or the right to"
                    + " call DescribeClusters for the cluster \"default\", which need not exist)";

    private final Clusters clusters;
    private final List<EntityKind<?>> kinds;
    private final Home home = new Home();
    /** The clusters that the mirror leaves out since ECS denies access, by ARN or name, each with ECS's reason. */
    private final Map<String, String> leftOut = new ConcurrentHashMap<>();

    /**
     * A selection that leaves no cluster out yet.
     *
     * @param clusters the clusters
     * @param kinds the kinds in a cluster; instances before tasks, since tasks refer to them
     */
    Selection(Clusters clusters, List<EntityKind<?>> kinds) {
        this.clusters = clusters;
        this.kinds = kinds;
        clusters.names().orElse(List.of()).forEach(home::configure);
    }

    Clusters clusters() {
        return clusters;
    }

    List<EntityKind<?>> kinds() {
        return kinds;
    }

    Home home() {
        return home;
    }

    boolean includesCluster(String clusterArn) {
        return home.includes(clusterArn) && clusters.includes(clusterArn);
    }

    boolean includes(EntityKind<?> kind, String clusterArn) {
        return (kind == EntityKind.CLUSTER || kinds.contains(kind))
                && includesCluster(clusterArn)
                && leftOut(clusterArn).isEmpty();
    }

    /** Leaves a cluster out until {@link #takeIn}. */
    void leaveOut(String clusterArn, String why) {
        leftOut.put(clusterArn, why);
    }

    /** Takes a cluster in again, so that its events count while a pass tries to read it. */
    void takeIn(String clusterArn) {
        leftOut.remove(clusterArn);
    }

    /** The reason why the mirror leaves a cluster out; empty if it does not. */
    Optional<String> leftOut(String clusterArn) {
        return Optional.ofNullable(leftOut.get(clusterArn))
                .or(() -> Optional.ofNullable(leftOut.get(EcsArn.nameOf(clusterArn))));
    }

    /** The left-out clusters, each with ECS's reason. */
    Map<String, String> leftOut() {
        return new TreeMap<>(leftOut);
    }

    /** The reason why a loaded mirror cannot poll, for people; empty if it can. */
    Optional<String> problem() {
        return home.isKnown() ? Optional.empty() : Optional.of(UNKNOWN_ACCOUNT);
    }
}
