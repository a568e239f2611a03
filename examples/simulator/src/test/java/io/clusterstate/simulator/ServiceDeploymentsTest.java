package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Task;

class ServiceDeploymentsTest {
    private static final String REASON = "CannotPullContainerError: not found";

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(1).tasks(40).build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;
    private String good;
    private String bad;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
        good = register();
        bad = register();
        simulator.faults().failStarts(bad, REASON);
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void aDeploymentIsDescribedFromItsBeginningToItsSuccess() {
        var created = create(true, 2);
        var begun = describe(created.currentServiceDeployment());
        comeToRest();
        var done = describe(created.currentServiceDeployment());
        var service = service();

        assertEquals(ServiceDeploymentStatus.IN_PROGRESS, begun.status());
        assertNull(begun.finishedAt());
        assertEquals(List.of(), begun.sourceServiceRevisions());
        assertEquals(2, begun.targetServiceRevision().pendingTaskCount());
        assertEquals(
                ServiceDeploymentRollbackMonitorsStatus.MONITORING,
                begun.deploymentCircuitBreaker().status());
        assertEquals(ServiceDeploymentStatus.SUCCESSFUL, done.status());
        assertEquals(2, done.targetServiceRevision().runningTaskCount());
        assertTrue(done.finishedAt().isAfter(done.startedAt()));
        assertNull(service.currentServiceDeployment(), "nothing is in progress");
        assertEquals(created.serviceArn(), done.serviceArn());
        assertTrue(done.serviceDeploymentArn().contains(":service-deployment/default/mine/"));
    }

    @Test
    void aRevisionThatCannotRunIsRolledBack() {
        create(true, 2);
        comeToRest();
        var stable = service().deployments().get(0);
        var updated = update(bad);
        var reason = "ECS deployment circuit breaker: rolling back to deploymentId " + stable.id() + ".";
        for (int i = 0; i < 100 && isInProgress(updated.currentServiceDeployment()); i++) {
            advance();
        }
        var onItsWayBack = describe(updated.currentServiceDeployment());
        var during = service();
        comeToRest();
        var back = describe(updated.currentServiceDeployment());
        var service = service();

        assertEquals(ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS, onItsWayBack.status());
        assertEquals(reason, onItsWayBack.rollback().reason());
        assertEquals(3, onItsWayBack.deploymentCircuitBreaker().failureCount());
        assertEquals(
                ServiceDeploymentRollbackMonitorsStatus.TRIGGERED,
                onItsWayBack.deploymentCircuitBreaker().status());
        assertEquals(updated.currentServiceDeployment(), during.currentServiceDeployment());
        assertEquals(
                List.of(
                        DeploymentRolloutState.IN_PROGRESS,
                        DeploymentRolloutState.FAILED,
                        DeploymentRolloutState.COMPLETED),
                during.deployments().stream().map(it -> it.rolloutState()).toList());
        assertEquals(reason, during.deployments().get(0).rolloutStateReason());
        assertEquals(2, during.runningCount(), "the old tasks run all the time");
        assertEquals(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL, back.status());
        assertEquals(
                back.rollback().serviceRevisionArn(),
                back.sourceServiceRevisions().get(0).arn());
        assertEquals(good, service.taskDefinition());
        assertEquals(2, service.runningCount());
        assertEquals(1, service.deployments().size());
        assertTrue(service.events().stream()
                .anyMatch(it -> it.message().endsWith("rolling back to deployment " + stable.id() + ".")));
    }

    @Test
    void theEventsTellOfFailureAndRollback() {
        create(true, 1);
        comeToRest();
        update(bad);
        comeToRest();

        var names = clients.events().stream()
                .filter(it -> it.detail().path("deploymentId").isTextual())
                .map(it -> it.detail().get("eventType").asText() + " "
                        + it.detail().get("eventName").asText())
                .toList();

        assertEquals(
                List.of(
                        "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
                        "INFO SERVICE_DEPLOYMENT_COMPLETED",
                        "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
                        "ERROR SERVICE_DEPLOYMENT_FAILED",
                        "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
                        "INFO SERVICE_DEPLOYMENT_COMPLETED"),
                names);
    }

    @Test
    void tasksThatDoNotStartSayWhy() {
        simulator.faults().failStarts(good, REASON);
        var task = ecs.runTask(it -> it.taskDefinition("mine:1").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0);
        comeToRest();
        var failed = ecs.describeTasks(it -> it.tasks(task.taskArn())).tasks().get(0);
        simulator.faults().forgive(good);
        var next = ecs.runTask(it -> it.taskDefinition("mine:1").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0);
        comeToRest();

        assertEquals("STOPPED", failed.lastStatus());
        assertEquals("TaskFailedToStart", failed.stopCodeAsString());
        assertEquals(REASON, failed.stoppedReason());
        assertEquals(REASON, failed.containers().get(0).reason());
        assertNull(failed.startedAt());
        assertNull(failed.containers().get(0).exitCode());
        assertEquals(
                "RUNNING",
                ecs.describeTasks(it -> it.tasks(next.taskArn())).tasks().get(0).lastStatus());
    }

    @Test
    void withoutRollbackTheDeploymentStopsAndStartsNothingMore() {
        create(false, 2);
        comeToRest();
        var updated = update(bad);
        comeToRest();
        var stopped = describe(updated.currentServiceDeployment());
        var failures = ecs.listTasks(it -> it.serviceName("mine").desiredStatus(DesiredStatus.STOPPED))
                .taskArns();
        comeToRest();
        var service = service();

        assertEquals(ServiceDeploymentStatus.STOPPED, stopped.status());
        assertNotNull(stopped.stoppedAt());
        assertEquals(DeploymentRolloutState.FAILED, service.deployments().get(0).rolloutState());
        assertEquals(2, service.runningCount());
        assertEquals(
                failures,
                ecs.listTasks(it -> it.serviceName("mine").desiredStatus(DesiredStatus.STOPPED))
                        .taskArns());
        assertNull(service.currentServiceDeployment());
    }

    @Test
    void aRollbackThatCannotRunFailsToo() {
        create(true, 1);
        comeToRest();
        simulator.faults().failStarts(good, REASON);
        var updated = update(bad);
        comeToRest();

        assertEquals(
                ServiceDeploymentStatus.ROLLBACK_FAILED,
                describe(updated.currentServiceDeployment()).status());
        assertEquals(1, service().runningCount(), "the old task goes on");
    }

    @Test
    void withoutACircuitBreakerTheServiceGoesOnTrying() {
        ecs.createService(it -> it.serviceName("mine").taskDefinition(bad).launchType(LaunchType.FARGATE));
        comeToRest();
        var service = service();
        var tried = service.deployments().get(0).failedTasks();
        simulator.faults().forgive(bad);
        comeToRest();

        assertEquals(
                DeploymentRolloutState.IN_PROGRESS, service.deployments().get(0).rolloutState());
        assertTrue(tried > 10, "failed tasks: " + tried);
        assertEquals(1, service().runningCount());
    }

    @Test
    void failingTasksEndAStepOfTheClockAtAnyPace() {
        try (var quick = Simulator.builder()
                .clock(clock)
                .clusters(1)
                .tasks(20)
                .timePerStatus(Duration.ZERO)
                .withoutSqs()
                .build()) {
            quick.truth().tasks().stream()
                    .map(Task::taskDefinitionArn)
                    .distinct()
                    .forEach(it -> quick.faults().failStarts(it, REASON));
            SimulatedTime.steps(quick, clock, 50);
            SimulatedTime.comeToRest(quick, clock);
            assertFalse(quick.truth().tasks().isEmpty());
        }
    }

    @Test
    void deploymentsAreListedNewestFirstInPagesAndByStatus() {
        var first = create(true, 1).currentServiceDeployment();
        comeToRest();
        clock.turn(Duration.ofSeconds(1));
        var second = update(good).currentServiceDeployment();
        clock.turn(Duration.ofSeconds(1));
        var third = update(good).currentServiceDeployment();

        var page = ecs.listServiceDeployments(it -> it.service("mine").maxResults(2));
        var rest = ecs.listServiceDeployments(it -> it.service("mine").nextToken(page.nextToken()));

        assertEquals(List.of(third, second), arns(page.serviceDeployments()));
        assertEquals(List.of(first), arns(rest.serviceDeployments()));
        assertNull(rest.nextToken());
        assertEquals(
                List.of(second),
                arns(ecs.listServiceDeployments(it -> it.service("mine").status(ServiceDeploymentStatus.STOPPED))
                        .serviceDeployments()));
        assertEquals(
                List.of(third, second),
                arns(ecs.listServiceDeployments(it -> it.service(service().serviceArn())
                                .createdAt(span -> span.after(describe(first).createdAt())))
                        .serviceDeployments()));
        assertThrows(ServiceNotFoundException.class, () -> ecs.listServiceDeployments(it -> it.service("none")));
    }

    @Test
    void everyInitialServiceHasASuccessfulDeployment() {
        for (var service : simulator.truth().services()) {
            var deployments = ecs.listServiceDeployments(it -> it.service(service.serviceArn()))
                    .serviceDeployments();
            assertEquals(1, deployments.size());
            assertEquals(ServiceDeploymentStatus.SUCCESSFUL, deployments.get(0).status());
        }
    }

    @Test
    void anUnknownDeploymentIsMissingAndFailuresCanBePlanned() {
        var arn = create(true, 1).currentServiceDeployment();
        var unknown = arn.substring(0, arn.length() - 3) + "xyz";

        var answer = ecs.describeServiceDeployments(it -> it.serviceDeploymentArns(arn, unknown));

        assertEquals(1, answer.serviceDeployments().size());
        assertEquals("MISSING", answer.failures().get(0).reason());
        assertEquals(unknown, answer.failures().get(0).arn());
        simulator.faults().failAbout(arn, "ServerException");
        assertThrows(EcsException.class, () -> describe(arn));
    }

    private Service create(boolean rollsBack, int count) {
        return ecs.createService(it -> it.serviceName("mine")
                        .taskDefinition(good)
                        .launchType(LaunchType.FARGATE)
                        .desiredCount(count)
                        .deploymentConfiguration(config -> config.deploymentCircuitBreaker(
                                breaker -> breaker.enable(true).rollback(rollsBack))))
                .service();
    }

    private Service update(String definition) {
        return ecs.updateService(
                        it -> it.service("mine").taskDefinition(definition).forceNewDeployment(true))
                .service();
    }

    private String register() {
        return ecs.registerTaskDefinition(it -> it.family("mine")
                        .networkMode(NetworkMode.AWSVPC)
                        .cpu("256")
                        .memory("512")
                        .containerDefinitions(ContainerDefinition.builder()
                                .name("app")
                                .image("app")
                                .build()))
                .taskDefinition()
                .taskDefinitionArn();
    }

    private Service service() {
        return ecs.describeServices(it -> it.services("mine")).services().get(0);
    }

    private ServiceDeployment describe(String arn) {
        return ecs.describeServiceDeployments(it -> it.serviceDeploymentArns(arn))
                .serviceDeployments()
                .get(0);
    }

    private boolean isInProgress(String arn) {
        return describe(arn).status() == ServiceDeploymentStatus.IN_PROGRESS;
    }

    private void comeToRest() {
        SimulatedTime.comeToRest(simulator, clock);
    }

    private void advance() {
        clock.turn(Duration.ofMillis(500));
        simulator.tick();
    }

    private static List<String> arns(List<ServiceDeploymentBrief> deployments) {
        return deployments.stream()
                .map(ServiceDeploymentBrief::serviceDeploymentArn)
                .toList();
    }
}
