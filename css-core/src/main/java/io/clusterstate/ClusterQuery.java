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
     * @param status {@code ACTIVE}, {@code PROVISIONING}, {@code DEPROVISIONING}, {@code FAILED} or {@code INACTIVE}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
     */
    ClusterQuery status(String status);

    /**
     * Narrows to clusters with a tag. Only the API reports tags, as it does clusters. No index answers this step.
     *
     * @param key the tag's key
     * @param value the tag's value
     * @return the narrower query
     */
    ClusterQuery tagged(String key, String value);
}
