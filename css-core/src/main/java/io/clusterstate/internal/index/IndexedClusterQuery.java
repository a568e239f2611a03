package io.clusterstate.internal.index;

import io.clusterstate.ClusterQuery;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** The query over clusters. */
final class IndexedClusterQuery extends IndexedQuery<Cluster, ClusterQuery> implements ClusterQuery {

    private static final IndexField<Cluster> STATUS = IndexField.of("status", Cluster::status);

    static final List<IndexField<Cluster>> FIELDS = List.of(STATUS);

    IndexedClusterQuery(Steps<Cluster> steps) {
        super("clusters", steps);
    }

    @Override
    ClusterQuery with(Steps<Cluster> narrower) {
        return new IndexedClusterQuery(narrower);
    }

    @Override
    public ClusterQuery status(String status) {
        return where(STATUS, KnownValues.CLUSTER_STATUS, status, Cluster::status);
    }

    @Override
    public ClusterQuery tagged(String key, String value) {
        return tagged(Cluster::tags, key, value);
    }
}
