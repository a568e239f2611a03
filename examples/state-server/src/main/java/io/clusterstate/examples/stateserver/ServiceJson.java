package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Writes a service, which the original REST v1 did not have. */
final class ServiceJson {

    private ServiceJson() {}

    static void write(Fields fields, Observed<Service> observed) throws IOException {
        Service service = observed.value();
        fields.text("clusterARN", observed.clusterArn())
                .moment("createdAt", service.createdAt())
                .list("deployments", service.deployments(), ServiceJson::writeDeployment)
                .number("desiredCount", service.desiredCount())
                .text("launchType", service.launchTypeAsString())
                .number("pendingCount", service.pendingCount())
                .number("runningCount", service.runningCount())
                .text("serviceARN", service.serviceArn())
                .text("serviceName", service.serviceName())
                .text("status", service.status())
                .text("taskDefinitionARN", service.taskDefinition());
    }

    private static void writeDeployment(Fields fields, Deployment deployment) throws IOException {
        fields.moment("createdAt", deployment.createdAt())
                .number("desiredCount", deployment.desiredCount())
                .number("failedTasks", deployment.failedTasks())
                .text("id", deployment.id())
                .number("pendingCount", deployment.pendingCount())
                .text("rolloutState", deployment.rolloutStateAsString())
                .text("rolloutStateReason", deployment.rolloutStateReason())
                .number("runningCount", deployment.runningCount())
                .text("status", deployment.status())
                .text("taskDefinitionARN", deployment.taskDefinition())
                .moment("updatedAt", deployment.updatedAt());
    }
}
