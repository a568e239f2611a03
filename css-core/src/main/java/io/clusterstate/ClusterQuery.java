package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * A query over the clusters themselves.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface ClusterQuery extends Query<Cluster, ClusterQuery> {

    /**
     * Narrows to clusters with a status.
     *
     * @param status a status such as {@code ACTIVE}
     * @return the narrower query
     */
    ClusterQuery status(String status);
}
