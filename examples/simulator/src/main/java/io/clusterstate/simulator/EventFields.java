package io.clusterstate.simulator;

import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * The fields of ECS's model that events carry, according to public captures. css-core tests its reader against such
 * events.
 */
final class EventFields {
    /** The number of versions of an instance whose events carry the time of registration. */
    private static final long REGISTERED = 2;

    /** The carried fields by type. Events carry all fields of a type that is absent here. */
    private static final Map<Class<?>, Set<String>> FIELDS = Map.of(
            Task.class,
                    Set.of(
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
                            "version"),
            Container.class,
                    Set.of(
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
                            "taskArn"),
            ContainerInstance.class,
                    Set.of(
                            "agentConnected",
                            "attributes",
                            "containerInstanceArn",
                            "ec2InstanceId",
                            "registeredAt",
                            "registeredResources",
                            "remainingResources",
                            "status",
                            "version",
                            "versionInfo"),
            ManagedAgent.class, Set.of("lastStatus", "name", "reason"),
            NetworkInterface.class, Set.of("attachmentId", "privateIpv4Address"),
            TaskOverride.class, Set.of("containerOverrides"),
            ContainerOverride.class, Set.of("environment", "memory", "name"));

    private EventFields() {}

    /** Whether events carry a field of this model object. */
    static boolean inEvents(SdkPojo of, String field) {
        if (field.equals("registeredAt") && of instanceof ContainerInstance instance) {
            return instance.version() <= REGISTERED;
        }
        var fields = FIELDS.get(of.getClass());
        return fields == null || fields.contains(field);
    }
}
