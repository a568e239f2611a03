package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Writes the text of task definitions that no caller registered. Every container has environment variables, of which
 * one looks like a credential, and a secret. Equal templates give equal texts.
 */
final class InventedDefinitions {
    private InventedDefinitions() {}

    static TaskDefinition of(TaskTemplate template, Instant registeredAt, Arns arns) {
        var definition = TaskDefinition.builder()
                .taskDefinitionArn(template.arn())
                .family(template.family())
                .revision(template.revision())
                .containerDefinitions(template.parts().stream()
                        .map(part -> container(template, part, arns))
                        .toList())
                .networkMode(template.networkMode())
                .cpu(String.valueOf(template.cpu()))
                .memory(String.valueOf(template.memory()))
                .executionRoleArn(arns.role("ecsTaskExecutionRole"))
                .taskRoleArn(arns.role(template.family()))
                .volumes(List.of())
                .placementConstraints(List.of())
                .compatibilities(compatibilities(template))
                .requiresCompatibilities(template.fitsFargate() ? Compatibility.FARGATE : Compatibility.EC2)
                .registeredAt(registeredAt)
                .registeredBy(arns.role("deployer"))
                .build();
        return definition.toBuilder()
                .requiresAttributes(Requirements.attributesOf(definition))
                .build();
    }

    static List<Compatibility> compatibilities(TaskTemplate template) {
        if (template.fitsFargate()) {
            return List.of(Compatibility.EC2, Compatibility.FARGATE);
        }
        return template.awsvpc() ? List.of(Compatibility.EC2) : List.of(Compatibility.EXTERNAL, Compatibility.EC2);
    }

    private static ContainerDefinition container(TaskTemplate template, TaskTemplate.Part part, Arns arns) {
        var secret = arns.secret(template.family() + "/password-Ab12Cd");
        var container = ContainerDefinition.builder()
                .name(part.name())
                .image(part.image())
                .cpu(part.cpu())
                .memory(part.memory())
                .essential(part.essential())
                .portMappings(part.ports().stream()
                        .map(port -> mapping(port, template.awsvpc()))
                        .toList())
                .environment(variable("LOG_LEVEL", "info"), variable("API_TOKEN", "token-of-" + template.family()))
                .secrets(Secret.builder().name("PASSWORD").valueFrom(secret).build())
                .mountPoints(List.of())
                .volumesFrom(List.of())
                .systemControls(List.of())
                .logConfiguration(logs(template, arns));
        if (part.probed()) {
            container.healthCheck(
                    it -> it.command("CMD-SHELL", "curl -f http://localhost:" + part.firstPort() + "/health || exit 1")
                            .interval(30)
                            .timeout(5)
                            .retries(3));
        }
        if (part.gpus() > 0) {
            container.resourceRequirements(ResourceRequirement.builder()
                    .type(ResourceType.GPU)
                    .value(String.valueOf(part.gpus()))
                    .build());
        }
        return container.build();
    }

    private static PortMapping mapping(TaskTemplate.Port port, boolean awsvpc) {
        return PortMapping.builder()
                .name(port.name())
                .containerPort(port.container())
                .hostPort(awsvpc ? port.container() : port.host())
                .protocol(port.protocol())
                .build();
    }

    private static KeyValuePair variable(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static LogConfiguration logs(TaskTemplate template, Arns arns) {
        return LogConfiguration.builder()
                .logDriver(LogDriver.AWSLOGS)
                .options(Map.of("awslogs-group", "/ecs/" + template.family(), "awslogs-region", arns.region()))
                .build();
    }
}
