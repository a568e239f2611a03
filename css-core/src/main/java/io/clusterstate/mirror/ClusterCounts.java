package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** The entities of a kind that ECS counts in a cluster. Source: the ECS API reference, {@code Cluster}. */
final class ClusterCounts {

    private ClusterCounts() {}

    /** The count in the description of a cluster; 0 if the description has none. */
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
