package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** How many entities of a kind ECS counts in a cluster. Source: the ECS API reference, {@code Cluster}. */
final class ClusterCounts {

    private ClusterCounts() {}

    /** The count that a description of the cluster carries; 0 where it carries none. */
    static int of(EntityKind<?> kind, Cluster cluster) {
        if (kind == EntityKind.TASK) {
            return orZero(cluster.runningTasksCount()) + orZero(cluster.pendingTasksCount());
        }
        return orZero(
                kind == EntityKind.INSTANCE
                        ? cluster.registeredContainerInstancesCount()
                        : cluster.activeServicesCount());
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
