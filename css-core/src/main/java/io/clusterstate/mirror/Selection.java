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
 * What of all that ECS has a mirror follows: the selected clusters of its home that it may read, and the selected kinds
 * in them.
 *
 * <p>Thread: safe for any thread.
 */
final class Selection {

    private final Clusters clusters;
    private final List<EntityKind<?>> kinds;
    private final Home home = new Home();
    /** The ARNs of clusters that are left out since ECS denies reading them, each with ECS's words. */
    private final Map<String, String> leftOut = new ConcurrentHashMap<>();

    /**
     * A selection.
     *
     * @param clusters which clusters
     * @param kinds which kinds of what lives in a cluster; instances before tasks, which name them
     */
    Selection(Clusters clusters, List<EntityKind<?>> kinds) {
        this.clusters = clusters;
        this.kinds = kinds;
        clusters.names().orElse(List.of()).forEach(home::learn);
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

    /** Leaves a cluster out until it is taken in. */
    void leaveOut(String clusterArn, String why) {
        leftOut.put(clusterArn, why);
    }

    /** Ends that a cluster is left out, so that its events are taken in while a pass tries to read it. */
    void takeIn(String clusterArn) {
        leftOut.remove(clusterArn);
    }

    /** Why a cluster is left out; empty if it is not. */
    Optional<String> leftOut(String clusterArn) {
        return Optional.ofNullable(leftOut.get(clusterArn))
                .or(() -> Optional.ofNullable(leftOut.get(EcsArn.nameOf(clusterArn))));
    }

    /** The clusters that are left out, each with the reason that ECS gave. */
    Map<String, String> leftOut() {
        return new TreeMap<>(leftOut);
    }
}
