package io.clusterstate.internal.composite;

import io.clusterstate.ClusterQuery;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** The query over the clusters of several members. */
final class MergedClusterQuery extends MergedQuery<Cluster, ClusterQuery> implements ClusterQuery {

    MergedClusterQuery(List<Part<ClusterQuery>> parts) {
        super(parts);
    }

    @Override
    ClusterQuery with(List<Part<ClusterQuery>> narrower) {
        return new MergedClusterQuery(narrower);
    }

    @Override
    public ClusterQuery status(String status) {
        return each(query -> query.status(status));
    }

    @Override
    public ClusterQuery tagged(String key, String value) {
        return each(query -> query.tagged(key, value));
    }
}
