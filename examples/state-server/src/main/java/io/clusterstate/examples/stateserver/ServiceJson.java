package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** Writes a service, which the original REST v1 did not have. */
final class ServiceJson {

    private static final String STEADY = "has reached a steady state";
    private static final Pattern FAILURE = Pattern.compile("unable to|unhealthy|failed|throttled");

    private ServiceJson() {}

    static void write(Fields fields, Observed<Service> observed) throws IOException {
        Service service = observed.value();
        fields.text("clusterARN", observed.clusterArn())
                .moment("createdAt", service.createdAt())
                .list("deployments", service.deployments(), ServiceJson::writeDeployment)
                .number("desiredCount", service.desiredCount())
                .text("launchType", service.launchTypeAsString())
                .number("pendingCount", service.pendingCount())
                .object("problem", problem(service), ServiceJson::writeProblem)
                .number("runningCount", service.runningCount())
                .text("serviceARN", service.serviceArn())
                .text("serviceName", service.serviceName())
                .text("status", service.status())
                .text("taskDefinitionARN", service.taskDefinition());
    }

    /**
     * The newest message about a failure, if no newer message says that the service is steady. The library keeps the
     * newest messages first. Source: the ECS developer guide, service event messages.
     */
    private static @Nullable ServiceEvent problem(Service service) {
        for (ServiceEvent event : service.events()) {
            String message = String.valueOf(event.message());
            if (message.contains(STEADY)) {
                return null;
            }
            if (FAILURE.matcher(message).find()) {
                return event;
            }
        }
        return null;
    }

    private static void writeProblem(Fields fields, ServiceEvent event) throws IOException {
        fields.moment("createdAt", event.createdAt()).text("message", event.message());
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
