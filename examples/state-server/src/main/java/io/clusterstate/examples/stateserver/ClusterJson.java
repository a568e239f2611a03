package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** Writes a cluster, which the original REST v1 did not have. The counts are those of ECS's last description. */
final class ClusterJson {

    private ClusterJson() {}

    static void write(Fields fields, Observed<Cluster> observed) throws IOException {
        Cluster cluster = observed.value();
        fields.number("activeServicesCount", cluster.activeServicesCount())
                .text("clusterARN", cluster.clusterArn())
                .text("clusterName", cluster.clusterName())
                .number("pendingTasksCount", cluster.pendingTasksCount())
                .number("registeredContainerInstancesCount", cluster.registeredContainerInstancesCount())
                .number("runningTasksCount", cluster.runningTasksCount())
                .text("status", cluster.status());
    }
}
