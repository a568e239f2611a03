package io.clusterstate.simulator;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** Makes clusters as DescribeClusters shows them, without counts. */
final class Clusters {
    private Clusters() {}

    static Cluster draft(World world, String name) {
        return Cluster.builder()
                .clusterArn(world.arns().cluster(name))
                .clusterName(name)
                .status(Status.ACTIVE)
                .statistics(List.of())
                .tags(List.of())
                .settings(List.of())
                .capacityProviders(List.of())
                .defaultCapacityProviderStrategy(List.of())
                .build();
    }
}
