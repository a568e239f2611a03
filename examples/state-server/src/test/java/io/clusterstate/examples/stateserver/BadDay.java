package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskDefinitionArn;

import io.clusterstate.EntityKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A view of a day on which much fails at once: an image that cannot be pulled, containers that run out of memory, tasks
 * that cannot be placed or fail health checks, a deployment that is rolled back, and dead instances.
 */
@SuppressWarnings("unchecked") // the SDK takes arrays of generic builders
final class BadDay {

    static final String NOT_PULLED =
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to"
                    + " resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/checkout:v42: not found";
    static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";
    static final String UNPLACED =
            "(service search) was unable to place a task because no container instance met all of"
                    + " its requirements. The closest matching (container-instance 1f2e3d4c5b6a) has insufficient memory"
                    + " available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
    static final String UNHEALTHY = "Task failed ELB health checks in (target-group"
            + " arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/73e2d6bc24d8a067)";

    private static final List<String> STEADY =
            List.of("auth", "billing", "cdn", "feed", "images", "mail", "reports", "sessions", "thumbnails", "users");

    private final Held held;
    private final Instant now = Instant.now();
    private int tasks;

    private BadDay(Held held) {
        this.held = held;
    }

    static void fill(Held held) {
        BadDay day = new BadDay(held);
        List.of("prod", "batch").forEach(name -> held.put(EntityKind.CLUSTER, name, cluster(name)));
        day.putInstances();
        STEADY.forEach(day::putSteady);
        day.putUnpulled();
        day.putOutOfMemory();
        day.putUnplaced();
        day.putUnhealthy();
        day.putRolledBack();
        day.putDeploying();
        day.putOrdinaryStops();
        for (int i = 0; i < 9; i++) {
            day.run("batch", "family:nightly-report", "RUNNING", "b" + i % 3);
        }
    }

    private void putInstances() {
        for (int i = 0; i < 14; i++) {
            int free = 256 * (i % 7);
            boolean isOff = i == 5;
            String status = i == 9 ? "DRAINING" : "ACTIVE";
            put("prod", instance("prod", id(i), change -> change.status(status)
                    .agentConnected(!isOff)
                    .remainingResources(free(free), freeMemory(2 * free))));
        }
        for (int i = 14; i < 18; i++) {
            put("prod", instance("prod", id(i), change -> change.status("INACTIVE")
                    .agentConnected(false)));
        }
        put("prod", instance("prod", id(18), change -> change.agentConnected(false)));
        List.of("b0", "b1", "b2").forEach(each -> put("batch", instance("batch", each)));
    }

    private static software.amazon.awssdk.services.ecs.model.Resource free(int amount) {
        return software.amazon.awssdk.services.ecs.model.Resource.builder()
                .name("CPU")
                .type("INTEGER")
                .integerValue(amount)
                .build();
    }

    private static software.amazon.awssdk.services.ecs.model.Resource freeMemory(int amount) {
        return free(amount).toBuilder().name("MEMORY").build();
    }

    private void put(String cluster, ContainerInstance instance) {
        held.put(EntityKind.INSTANCE, cluster, instance);
    }

    private static String id(int i) {
        return "0a1b2c3d4e5f6" + String.format(java.util.Locale.ROOT, "%04d", i);
    }

    private void putSteady(String name) {
        putService(name, 6, 6, change -> change.events(event(50, "(service " + name + ") has reached a steady state."))
                .deployments(deployment("PRIMARY", 7, "COMPLETED", 6, 6, 0).build()));
        running(name, 6);
    }

    private void putUnpulled() {
        putService("checkout", 6, 6, change -> change.events(
                        event(
                                1,
                                "(service checkout) is unable to consistently start tasks successfully. For more"
                                        + " information, see the Troubleshooting section."),
                        event(40, "(service checkout) has reached a steady state."))
                .deployments(
                        deployment("PRIMARY", 42, "IN_PROGRESS", 0, 6, 18).build(),
                        deployment("ACTIVE", 41, "COMPLETED", 6, 6, 0).build()));
        running("checkout", 6);
        for (int i = 0; i < 18; i++) {
            stop("checkout", i * 20, change -> change.stopCode("TaskFailedToStart")
                    .stoppedReason(NOT_PULLED)
                    .containers(container -> container
                            .name("checkout")
                            .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/checkout:v42")
                            .reason(NOT_PULLED)));
        }
    }

    private void putOutOfMemory() {
        putService("worker", 2, 8, change -> change.events(event(45, "(service worker) has started 1 tasks: (task 1)."))
                .deployments(deployment("PRIMARY", 12, "COMPLETED", 2, 8, 0).build()));
        running("worker", 2);
        for (int i = 0; i < 31; i++) {
            stop("worker", 40 + i * 35, change -> change.stopCode("EssentialContainerExited")
                    .stoppedReason("Essential container in task exited")
                    .containers(
                            container -> container
                                    .name("worker")
                                    .image("example/worker:12")
                                    .exitCode(137)
                                    .reason(OUT_OF_MEMORY),
                            container -> container.name("log-router").exitCode(0)));
        }
    }

    private void putUnplaced() {
        putService("search", 3, 10, change -> change.events(
                        event(2, UNPLACED), event(300, "(service search) has reached a steady state."))
                .deployments(deployment("PRIMARY", 3, "COMPLETED", 3, 10, 0).build()));
        running("search", 3);
    }

    private void putUnhealthy() {
        putService("api", 9, 12, change -> change.events(event(
                        4,
                        "(service api) (instance i-0a1b2c3d4e5f60003) (port 32768) is unhealthy in (target-group"
                                + " arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/73e2d6bc24d8a067)"
                                + " due to (reason Health checks failed with these codes: [502])."))
                .deployments(deployment("PRIMARY", 88, "COMPLETED", 9, 12, 0).build()));
        running("api", 9);
        run("prod", "service:api", "PENDING", id(4));
        for (int i = 0; i < 5; i++) {
            stop("api", 180 + i * 60, change -> change.stopCode("ServiceSchedulerInitiated")
                    .stoppedReason(UNHEALTHY)
                    .containers(container -> container.name("api").exitCode(143)));
        }
    }

    private void putRolledBack() {
        putService(
                "payments",
                4,
                4,
                change -> change.deployments(
                        deployment("PRIMARY", 20, "IN_PROGRESS", 4, 4, 0)
                                .rolloutStateReason("ECS deployment circuit breaker: rolling back to deploymentId"
                                        + " ecs-svc/1234567890123456789.")
                                .build(),
                        deployment("ACTIVE", 21, "FAILED", 0, 4, 10)
                                .rolloutStateReason("ECS deployment circuit breaker: tasks failed to start.")
                                .build()));
        running("payments", 4);
    }

    private void putDeploying() {
        putService(
                "web",
                40,
                40,
                change -> change.deployments(
                        deployment("PRIMARY", 9, "IN_PROGRESS", 12, 40, 0).build(),
                        deployment("ACTIVE", 8, "COMPLETED", 28, 28, 0).build()));
        running("web", 40);
        for (int i = 0; i < 4; i++) {
            run("prod", "service:web", i < 2 ? "PENDING" : "DEACTIVATING", id(i));
        }
    }

    private void putOrdinaryStops() {
        for (int i = 0; i < 12; i++) {
            stop("web", 15 + i * 15, change -> change.stopCode("ServiceSchedulerInitiated")
                    .stoppedReason("Scaling activity initiated by (deployment ecs-svc/1234567890123456789)")
                    .containers(container -> container.name("web").exitCode(143)));
        }
    }

    private void putService(String name, int running, int desired, Consumer<Service.Builder> changes) {
        Service built = service("prod", name, change -> {
            change.runningCount(running)
                    .desiredCount(desired)
                    .pendingCount(0)
                    .createdAt(now.minus(Duration.ofDays(90)));
            changes.accept(change);
        });
        held.put(EntityKind.SERVICE, "prod", built);
    }

    private Deployment.Builder deployment(
            String status, int revision, String state, int running, int desired, int failed) {
        return Deployment.builder()
                .id("ecs-svc/" + revision)
                .status(status)
                .taskDefinition(taskDefinitionArn("prod", "app", revision))
                .rolloutState(state)
                .runningCount(running)
                .desiredCount(desired)
                .failedTasks(failed)
                .updatedAt(now.minus(Duration.ofMinutes(6)));
    }

    private ServiceEvent event(int minutesAgo, String message) {
        return ServiceEvent.builder()
                .id("e" + minutesAgo)
                .createdAt(now.minus(Duration.ofMinutes(minutesAgo)))
                .message(message)
                .build();
    }

    private void running(String service, int amount) {
        for (int i = 0; i < amount; i++) {
            run("prod", "service:" + service, "RUNNING", id(i % 14));
        }
    }

    private void run(String cluster, String group, String status, String instance) {
        put(cluster, group, change -> change.lastStatus(status).containerInstanceArn(instanceArn(cluster, instance)));
    }

    private void stop(String service, int secondsAgo, Consumer<Task.Builder> changes) {
        Instant at = now.minusSeconds(secondsAgo);
        put(
                "prod",
                "service:" + service,
                change -> changes.accept(change.lastStatus("STOPPED")
                        .desiredStatus("STOPPED")
                        .containerInstanceArn(instanceArn("prod", id(tasks % 14)))
                        .startedAt(at.minusSeconds(50))
                        .stoppingAt(at.minusSeconds(2))
                        .stoppedAt(at)));
    }

    private void put(String cluster, String group, Consumer<Task.Builder> changes) {
        String id = String.format(java.util.Locale.ROOT, "%08x%024x", 0x9e3779b9 * ++tasks, tasks);
        String family = group.substring(group.indexOf(':') + 1);
        held.put(
                EntityKind.TASK,
                cluster,
                task(
                        cluster,
                        id,
                        change -> changes.accept(change.group(group)
                                .taskDefinitionArn(taskDefinitionArn(cluster, family, 1))
                                .createdAt(now.minusSeconds(120L + tasks)))));
    }
}
