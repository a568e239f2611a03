package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.CLUSTER;
import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Entities.NOW;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.Removal;
import io.clusterstate.testing.Entities;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * The contents of the files of format 1. The first release writes them, and an etcd may hold such values, so nobody
 * changes these files.
 */
final class FormatOne {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String PROD = Entities.clusterArn("prod");

    /** Until when {@link #TOMBSTONE} is remembered. */
    static final Instant UNTIL = NOW.plus(Duration.ofHours(24));

    static final Observed<Task> TASK_OF_AN_EVENT = taskOfAnEvent();
    static final Observed<ContainerInstance> INSTANCE_OF_A_PASS = Observed.of(
            EntityKind.INSTANCE,
            PROD,
            Entities.instance("prod", ID, changes -> changes.version(12L)
                    .registeredAt(NOW.minusNanos(1))
                    .tags(tag("owner", "h\u00e9llo \u4e16\u754c \ud83d\ude80"))),
            Origin.RECONCILE,
            NOW);
    static final Observed<Service> SERVICE_ASKED_FOR = serviceAskedFor();
    static final Observed<Cluster> CLUSTER_OF_THE_LOAD = Observed.of(
            CLUSTER,
            PROD,
            Entities.cluster("prod", changes -> changes.registeredContainerInstancesCount(3)
                    .capacityProviders("FARGATE", "FARGATE_SPOT")),
            Origin.LOAD,
            NOW);
    static final Removal<Task> TOMBSTONE =
            new Removal<>(TASK, Entities.taskArn("prod", ID), PROD, 7, NOW, Removal.Reason.MISSING);

    private FormatOne() {}

    /** The bytes of a file. */
    static byte[] file(String name) {
        String path = "/format-1/" + name;
        try (InputStream file = Objects.requireNonNull(FormatOne.class.getResourceAsStream(path), path)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Described later than it was told. */
    private static Observed<Task> taskOfAnEvent() {
        Task task = Entities.task("prod", ID, changes -> changes.version(7L)
                .healthStatus("HEALTHY")
                .tags(tag("team", "a \"b\""), tag("empty", ""))
                .enableExecuteCommand(true)
                .startedAt(NOW.minusMillis(1500)));
        return Observed.of(TASK, PROD, task, Origin.EVENT, NOW).describedAs(task, NOW.plusMillis(2500));
    }

    /** With a map and a number that is not whole. */
    private static Observed<Service> serviceAskedFor() {
        TaskSet half = TaskSet.builder()
                .scale(Scale.builder().value(12.5).unit("PERCENT").build())
                .build();
        ServiceConnectConfiguration connect = ServiceConnectConfiguration.builder()
                .enabled(true)
                .logConfiguration(log -> log.logDriver("awslogs").options(Map.of("awslogs-group", "web")))
                .build();
        Deployment deployment = Deployment.builder()
                .id("ecs-svc/1")
                .serviceConnectConfiguration(connect)
                .build();
        Service service = Entities.service("prod", "web", changes -> changes.createdAt(NOW.minusMillis(1500))
                .enableECSManagedTags(false)
                .taskSets(half)
                .deployments(deployment));
        return Observed.of(SERVICE, PROD, service, Origin.DESCRIBE, NOW);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
