package io.clusterstate.internal.index;

import io.clusterstate.TaskStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * The values that ECS documents for a property, so that a misspelt one is refused instead of finding nothing. A newer
 * AWS SDK adds its own values.
 *
 * @param property the name of the query's step
 * @param values the values, in ECS's spelling
 */
record KnownValues(String property, List<String> values) {

    static final KnownValues TASK_STATUS = new KnownValues(
            "status", Arrays.stream(TaskStatus.values()).map(Enum::name).toList());
    static final KnownValues DESIRED_STATUS =
            of("desiredStatus", DesiredStatus.knownValues().stream(), "RUNNING", "PENDING", "STOPPED");
    static final KnownValues LAUNCH_TYPE =
            of("launchType", LaunchType.knownValues().stream(), "EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES");
    static final KnownValues INSTANCE_STATUS = of(
            "status",
            ContainerInstanceStatus.knownValues().stream(),
            "REGISTERING",
            "REGISTRATION_FAILED",
            "ACTIVE",
            "DRAINING",
            "DEREGISTERING",
            "INACTIVE");
    static final KnownValues SERVICE_STATUS = of("status", Stream.of(), "ACTIVE", "DRAINING", "INACTIVE");
    static final KnownValues DEFINITION_STATUS =
            of("status", TaskDefinitionStatus.knownValues().stream(), "ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS");
    static final KnownValues CLUSTER_STATUS =
            of("status", Stream.of(), "ACTIVE", "PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE");

    private static KnownValues of(String property, Stream<?> ofSdk, String... documented) {
        return new KnownValues(
                property,
                Stream.concat(Stream.of(documented), ofSdk.map(Object::toString))
                        .distinct()
                        .toList());
    }

    /**
     * A value that is known.
     *
     * @throws IllegalArgumentException if it is not
     */
    String require(String value) {
        if (values.contains(value)) {
            return value;
        }
        String upper = value.toUpperCase(Locale.ROOT);
        throw new IllegalArgumentException(property + ": " + value + " (expected: "
                + (values.contains(upper)
                        ? upper + ", in ECS's spelling"
                        : "one of " + String.join(", ", values) + "; where(…) finds values of a later ECS")
                + ")");
    }
}
