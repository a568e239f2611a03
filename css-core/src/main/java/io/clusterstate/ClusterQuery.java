package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * A question about the clusters themselves.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface ClusterQuery extends Query<Cluster, ClusterQuery> {

    /**
     * Only those with a status.
     *
     * @param status such as {@code ACTIVE}
     * @return the narrower question
     */
    ClusterQuery status(String status);
}
