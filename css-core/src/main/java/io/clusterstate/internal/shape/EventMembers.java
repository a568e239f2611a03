package io.clusterstate.internal.shape;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * The members of tasks and container instances that ECS's events carry. All others come from the ECS API alone, also
 * those that a later SDK adds.
 *
 * <p>Source: the public payloads in the test resources of this module, to which a test holds this table. One member is
 * left out although a payload carries it: {@code registeredAt} of instances, which the event of a registration carries
 * and later ones do not.
 */
final class EventMembers {

    /**
     * A type of which events carry a part.
     *
     * @param identity the member by which an element of a list is known again; null for a type that is in no list
     * @param carried the members that events carry, by their names in the API's JSON
     */
    record Part(@Nullable String identity, Set<String> carried) {}

    private static final Set<String> OF_TASKS = Set.of(
            "attachments",
            "attributes",
            "availabilityZone",
            "capacityProviderName",
            "clusterArn",
            "connectivity",
            "connectivityAt",
            "containerInstanceArn",
            "containers",
            "cpu",
            "createdAt",
            "desiredStatus",
            "enableExecuteCommand",
            "ephemeralStorage",
            "executionStoppedAt",
            "group",
            "lastStatus",
            "launchType",
            "memory",
            "overrides",
            "platformVersion",
            "pullStartedAt",
            "pullStoppedAt",
            "startedAt",
            "startedBy",
            "stopCode",
            "stoppedAt",
            "stoppedReason",
            "stoppingAt",
            "taskArn",
            "taskDefinitionArn",
            "version");

    private static final Set<String> OF_INSTANCES = Set.of(
            "agentConnected",
            "attributes",
            "containerInstanceArn",
            "ec2InstanceId",
            "registeredResources",
            "remainingResources",
            "status",
            "version",
            "versionInfo");

    private static final Set<String> OF_CONTAINERS = Set.of(
            "containerArn",
            "cpu",
            "exitCode",
            "image",
            "imageDigest",
            "lastStatus",
            "managedAgents",
            "memory",
            "memoryReservation",
            "name",
            "networkBindings",
            "networkInterfaces",
            "reason",
            "runtimeId",
            "taskArn");

    /** By the type of its builder. A type that is not here is one value, which an event carries as a whole. */
    private static final Map<Class<?>, Part> PARTS = Map.of(
            Task.builder().getClass(), new Part(null, OF_TASKS),
            ContainerInstance.builder().getClass(), new Part(null, OF_INSTANCES),
            Container.builder().getClass(), new Part("name", OF_CONTAINERS),
            ManagedAgent.builder().getClass(), new Part("name", Set.of("lastStatus", "name", "reason")),
            NetworkInterface.builder().getClass(),
                    new Part("attachmentId", Set.of("attachmentId", "privateIpv4Address")),
            TaskOverride.builder().getClass(), new Part(null, Set.of("containerOverrides")),
            ContainerOverride.builder().getClass(), new Part("name", Set.of("environment", "memory", "name")));

    private EventMembers() {}

    /** What events carry of a type; null if they carry its values as a whole. */
    static @Nullable Part of(Class<?> builder) {
        return PARTS.get(builder);
    }
}
