package io.clusterstate.benchmarks;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Task definitions of two containers, in the shape in which a mirror puts them into its store. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
final class SampleDefinitions {

    private static final String ACCOUNT = "arn:aws:ecs:eu-west-1:123456789012:task-definition/";
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private SampleDefinitions() {}

    static List<Upsert<?>> upserts(int count) {
        return IntStream.range(0, count)
                .<Upsert<?>>mapToObj(i -> Upsert.of(
                        EntityKind.TASK_DEFINITION,
                        Observed.NO_CLUSTER,
                        Canonical.of(TaskDefinition.class, definition(i)),
                        Origin.DESCRIBE,
                        AT))
                .toList();
    }

    private static TaskDefinition definition(int i) {
        String family = "family-" + i;
        return TaskDefinition.builder()
                .taskDefinitionArn(ACCOUNT + family + ":1")
                .family(family)
                .revision(1)
                .status("ACTIVE")
                .networkMode("awsvpc")
                .cpu("512")
                .memory("1024")
                .taskRoleArn("arn:aws:iam::123456789012:role/" + family)
                .executionRoleArn("arn:aws:iam::123456789012:role/ecsTaskExecutionRole")
                .requiresCompatibilitiesWithStrings("FARGATE")
                .registeredAt(AT)
                .containerDefinitions(container("app", family), container("log-router", family))
                .build();
    }

    private static ContainerDefinition container(String name, String family) {
        return ContainerDefinition.builder()
                .name(name)
                .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/" + family + "/" + name + ":1.0.0")
                .cpu(256)
                .memory(512)
                .essential(true)
                .portMappings(port -> port.containerPort(8080).hostPort(8080).protocol("tcp"))
                .environment(variable -> variable.name("LOG_LEVEL"), variable -> variable.name("API_TOKEN"))
                .secrets(secret -> secret.name("PASSWORD"))
                .logConfiguration(log -> log.logDriver("awslogs")
                        .options(Map.of("awslogs-group", "/ecs/" + family, "awslogs-region", "eu-west-1")))
                .build();
    }
}
