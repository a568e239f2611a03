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
 * The members of tasks and container instances that ECS's events carry. Only the ECS API reports the others, including
 * those that a later SDK adds.
 *
 * <p>Source: the public payloads in the test resources of this module; a test checks this table against them. The table
 * leaves out one member that a payload carries, {@code registeredAt} of instances: a registration event carries it, and
 * later events do not.
 */
final class EventMembers {

    /**
     * A type that events carry in part.
     *
     * @param identity the member that identifies an element of a list; null for a type that is in no list
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

    /** The parts by the type of the builder. Any other type is a single value, which an event carries whole. */
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

    /** The part of a type that events carry; null if they carry its values whole. */
    static @Nullable Part of(Class<?> builder) {
        return PARTS.get(builder);
    }
}
