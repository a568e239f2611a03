package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The attributes that a task definition requires of an instance, for the commonest parameters. Source: the ECS
 * developer guide, "Container agent configuration" and public answers of DescribeTaskDefinition.
 */
final class Requirements {
    private static final String AGENT = "com.amazonaws.ecs.capability.";
    private static final String ECS = "ecs.capability.";

    private Requirements() {}

    static List<Attribute> attributesOf(TaskDefinition definition) {
        Set<String> names = new LinkedHashSet<>();
        boolean hasExecutionRole = definition.executionRoleArn() != null;
        definition.containerDefinitions().forEach(it -> addOf(it, hasExecutionRole, names));
        if (definition.networkMode() == NetworkMode.AWSVPC) {
            names.add(ECS + "task-eni");
        }
        if (definition.taskRoleArn() != null) {
            boolean onHost = definition.networkMode() == NetworkMode.HOST;
            names.add(AGENT + (onHost ? "task-iam-role-network-host" : "task-iam-role"));
        }
        if (definition.volumes().stream().anyMatch(it -> it.efsVolumeConfiguration() != null)) {
            names.add(ECS + "efs");
        }
        names.add(AGENT + "docker-remote-api.1.18");
        return names.stream().map(it -> InstanceType.attribute(it, "")).toList();
    }

    private static void addOf(ContainerDefinition container, boolean hasExecutionRole, Set<String> names) {
        var logs = container.logConfiguration();
        if (logs != null) {
            names.add(AGENT + "logging-driver." + logs.logDriverAsString());
            if (hasExecutionRole && logs.logDriverAsString().equals("awslogs")) {
                names.add(ECS + "execution-role-awslogs");
            }
        }
        if (container.image().contains(".dkr.ecr.")) {
            names.add(AGENT + "ecr-auth");
            names.addAll(hasExecutionRole ? List.of(ECS + "execution-role-ecr-pull") : List.of());
        }
        if (Boolean.TRUE.equals(container.privileged())) {
            names.add(AGENT + "privileged-container");
        }
        if (container.healthCheck() != null) {
            names.add(ECS + "container-health-check");
        }
        if (!container.dependsOn().isEmpty()) {
            names.add(ECS + "container-ordering");
        }
        container
                .secrets()
                .forEach(it -> names.add(ECS + "secrets."
                        + (it.valueFrom().contains(":secretsmanager:") ? "asm" : "ssm") + ".environment-variables"));
    }

    /** The required attributes that an instance lacks. */
    static List<String> lacking(List<Attribute> required, List<Attribute> offered) {
        var lacking = new ArrayList<String>();
        for (var attribute : required) {
            boolean isThere = offered.stream()
                    .anyMatch(it -> it.name().equals(attribute.name())
                            && (attribute.value() == null || attribute.value().equals(it.value())));
            if (!isThere) {
                lacking.add(attribute.name());
            }
        }
        return lacking;
    }
}
