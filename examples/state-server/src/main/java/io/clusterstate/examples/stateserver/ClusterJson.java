package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** A cluster; REST v1 knew none. Its counts are those of ECS when it last described the cluster. */
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
