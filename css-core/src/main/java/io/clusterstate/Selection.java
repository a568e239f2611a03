package io.clusterstate;

import io.clusterstate.internal.event.Reading;
import java.util.List;

/**
 * What of all that ECS has a mirror follows.
 *
 * @param clusters which clusters
 * @param kinds which kinds of what lives in a cluster; instances before tasks, which name them
 */
record Selection(Clusters clusters, List<EntityKind<?>> kinds) {

    boolean includes(EntityKind<?> kind, String clusterArn) {
        return (kind == EntityKind.CLUSTER || kinds.contains(kind)) && clusters.includes(clusterArn);
    }

    boolean includes(Reading.StateChange news) {
        return includes(news.upsert().kind(), news.upsert().told().clusterArn());
    }
}
