package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * Makes a task definition of a request to register it. Source: the ECS API reference, {@code RegisterTaskDefinition},
 * {@code ContainerDefinition} and {@code PortMapping}.
 */
final class Registration {
    private static final String FAMILIES = "[a-zA-Z0-9_-]{1,255}";

    private Registration() {}

    /** The next revision of the family, which is not kept yet. */
    static LiveDefinition of(RegisterTaskDefinitionRequest request, World world) {
        refuseIncomplete(request);
        int revision = world.templates().nextNumber(request.family());
        var arn = world.arns().taskDefinition(request.family(), revision);
        var containers = request.containerDefinitions().stream()
                .map(it -> completed(it, request.networkMode()))
                .toList();
        var draft = copied(request).toBuilder()
                .taskDefinitionArn(arn)
                .revision(revision)
                .containerDefinitions(containers)
                .volumes(request.volumes())
                .placementConstraints(request.placementConstraints())
                .registeredAt(world.now())
                .registeredBy(world.arns().role("deployer"))
                .build();
        var template = template(draft, world.templates());
        refuseUnfit(request, template);
        var whole = draft.toBuilder()
                .requiresAttributes(template.needs().attributes())
                .compatibilities(InventedDefinitions.compatibilities(template))
                .build();
        return LiveDefinition.registered(template, whole, request.tags());
    }

    /** Copies the fields that the request and the definition have in common. */
    private static TaskDefinition copied(RegisterTaskDefinitionRequest request) {
        var values = new HashMap<String, Object>();
        for (SdkField<?> field : request.sdkFields()) {
            values.put(field.locationName(), field.getValueOrDefault(request));
        }
        var definition = TaskDefinition.builder();
        for (SdkField<?> field : definition.sdkFields()) {
            var value = values.get(field.locationName());
            if (value != null) {
                field.set(definition, value);
            }
        }
        return definition.build();
    }

    /** A container with the values that ECS fills in. */
    private static ContainerDefinition completed(ContainerDefinition container, @Nullable NetworkMode mode) {
        boolean sharesHost = mode == NetworkMode.AWSVPC || mode == NetworkMode.HOST;
        var ports = container.portMappings().stream()
                .map(it -> completed(it, sharesHost))
                .toList();
        return container.toBuilder()
                .cpu(Objects.requireNonNullElse(container.cpu(), 0))
                .essential(Objects.requireNonNullElse(container.essential(), true))
                .portMappings(ports)
                .environment(container.environment())
                .mountPoints(container.mountPoints())
                .volumesFrom(container.volumesFrom())
                .systemControls(container.systemControls())
                .build();
    }

    private static PortMapping completed(PortMapping mapping, boolean sameOnHost) {
        int usual = sameOnHost ? mapping.containerPort() : 0;
        int host = Objects.requireNonNullElse(mapping.hostPort(), usual);
        if (sameOnHost && host != mapping.containerPort()) {
            throw EcsError.client(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.");
        }
        return mapping.toBuilder()
                .hostPort(host)
                .protocol(Objects.requireNonNullElse(mapping.protocol(), TransportProtocol.TCP))
                .build();
    }

    private static TaskTemplate template(TaskDefinition definition, TaskTemplates templates) {
        var parts = new ArrayList<TaskTemplate.Part>();
        definition.containerDefinitions().forEach(it -> parts.add(part(it, templates.newDigest())));
        var needs = new TaskTemplate.Needs(
                Requirements.attributesOf(definition),
                definition.placementConstraints().stream()
                        .map(Registration::member)
                        .toList());
        return new TaskTemplate(
                definition.family(),
                definition.revision(),
                definition.taskDefinitionArn(),
                Objects.requireNonNullElse(definition.networkModeAsString(), "bridge"),
                fitsFargate(definition, parts),
                sizeOf(
                        definition.cpu(),
                        parts.stream().mapToInt(TaskTemplate.Part::cpu).sum(),
                        "cpu"),
                sizeOf(
                        definition.memory(),
                        parts.stream().mapToInt(Registration::reserved).sum(),
                        "memory"),
                parts,
                needs);
    }

    private static Predicate<LiveHost> member(TaskDefinitionPlacementConstraint constraint) {
        if (constraint.type() != TaskDefinitionPlacementConstraintType.MEMBER_OF) {
            throw EcsError.client("constraint.type '" + constraint.typeAsString() + "' is not supported.");
        }
        return Expression.parse(Objects.requireNonNullElse(constraint.expression(), ""));
    }

    private static TaskTemplate.Part part(ContainerDefinition container, String digest) {
        int gpus = container.resourceRequirements().stream()
                .filter(it -> it.type() == ResourceType.GPU)
                .mapToInt(it -> sizeOf(it.value(), 0, "GPU"))
                .sum();
        var ports = container.portMappings().stream()
                .map(it -> new TaskTemplate.Port(
                        it.containerPort(),
                        it.hostPort(),
                        it.protocol() == TransportProtocol.UDP,
                        Objects.requireNonNullElse(it.name(), "")))
                .toList();
        return new TaskTemplate.Part(
                container.name(),
                container.image(),
                digest,
                container.cpu(),
                Objects.requireNonNullElse(container.memory(), 0),
                Objects.requireNonNullElse(container.memoryReservation(), 0),
                gpus,
                ports,
                container.healthCheck() != null,
                container.essential());
    }

    /** The memory that a container reserves on an instance: the soft limit if it has one, or the hard limit. */
    private static int reserved(TaskTemplate.Part part) {
        return part.reservation() > 0 ? part.reservation() : part.memory();
    }

    private static boolean fitsFargate(TaskDefinition definition, List<TaskTemplate.Part> parts) {
        return definition.networkMode() == NetworkMode.AWSVPC
                && definition.cpu() != null
                && definition.memory() != null
                && definition.placementConstraints().isEmpty()
                && parts.stream().allMatch(it -> it.gpus() == 0);
    }

    /** An amount that ECS takes as text; {@code usual} without a text. */
    private static int sizeOf(@Nullable String text, int usual, String what) {
        if (text == null) {
            return usual;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw EcsError.client("Invalid '" + what + "' setting for task: " + text + " (expected: a number)");
        }
        return Integer.parseInt(text);
    }

    private static void refuseIncomplete(RegisterTaskDefinitionRequest request) {
        var family = Objects.requireNonNullElse(request.family(), "");
        if (!family.matches(FAMILIES)) {
            throw EcsError.client("Family contains invalid characters: '" + family + "' (expected: " + FAMILIES + ")");
        }
        if (request.containerDefinitions().isEmpty()) {
            throw EcsError.client("Container list cannot be empty.");
        }
        for (var container : request.containerDefinitions()) {
            refuseIncomplete(container, request.memory() != null);
        }
    }

    private static void refuseIncomplete(ContainerDefinition container, boolean taskHasMemory) {
        if (Objects.requireNonNullElse(container.name(), "").isBlank()) {
            throw EcsError.client("Container.name should not be null or blank.");
        }
        if (Objects.requireNonNullElse(container.image(), "").isBlank()) {
            throw EcsError.client("Container.image should not be null or blank.");
        }
        if (!taskHasMemory && container.memory() == null && container.memoryReservation() == null) {
            throw EcsError.client("Invalid setting for container '" + container.name()
                    + "'. At least one of 'memory' or 'memoryReservation' must be specified.");
        }
        for (var mapping : container.portMappings()) {
            if (mapping.containerPort() == null) {
                throw EcsError.client("containerPort: none in container '" + container.name() + "' (expected: a port)");
            }
        }
    }

    private static void refuseUnfit(RegisterTaskDefinitionRequest request, TaskTemplate template) {
        boolean wantsFargate = request.requiresCompatibilities().contains(Compatibility.FARGATE);
        if (wantsFargate && !template.awsvpc()) {
            throw EcsError.client("Fargate only supports network mode ‘awsvpc’.");
        }
        if (wantsFargate && !template.fitsFargate()) {
            throw EcsError.client("Fargate requires that 'cpu' and 'memory' be defined at the task level, "
                    + "without GPUs and placement constraints.");
        }
    }
}
