package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Waits for a stable service, on a view by hand, where a wait ends at once. */
class ServiceWaitTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String ARN = Entities.serviceArn("prod", "web");

    private final Watched watched = Watched.byHand();
    private long asked;

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void aServiceIsStableWithOneDeploymentAndAllItsTasks() throws Exception {
        Service created = service(2, 0, deployment("ecs-svc/1", "PRIMARY", 1));
        assertEquals("not stable after PT5S: " + ARN + ": not seen yet", timeout(created));
        put(created);
        assertTrue(timeout(created).contains("0 of 2 tasks run, 1 deployments, the newest ecs-svc/1 IN_PROGRESS"));
        put(service(2, 2, deployment("ecs-svc/2", "PRIMARY", 2), deployment("ecs-svc/1", "ACTIVE", 1)));
        assertTrue(timeout(created).contains("2 deployments"));

        Service stable = put(service(2, 2, deployment("ecs-svc/2", "PRIMARY", 2)));

        assertEquals(stable, watched.view.awaitServiceStable(created, LIMIT));
    }

    @Test
    void anOlderStateOfTheViewDoesNotCount() throws Exception {
        put(service(2, 2, deployment("ecs-svc/1", "PRIMARY", 1)));
        Service updated = service(2, 2, deployment("ecs-svc/2", "PRIMARY", 5), deployment("ecs-svc/1", "ACTIVE", 1));

        assertTrue(timeout(updated).endsWith("; older than the service that is waited for"), timeout(updated));

        put(service(2, 2, deployment("ecs-svc/2", "PRIMARY", 5)));
        watched.view.awaitServiceStable(updated, LIMIT);
    }

    @Test
    void aCountFromBeforeTheCallersDoesNotCount() throws Exception {
        put(service(2, 2, deployment("ecs-svc/1", "PRIMARY", 1)));
        Service scaled = service(3, 2, deployment("ecs-svc/1", "PRIMARY", 1));
        assertThrows(TimeoutException.class, () -> watched.view.awaitServiceStable(scaled, LIMIT));

        put(service(3, 3, deployment("ecs-svc/1", "PRIMARY", 1)));
        watched.view.awaitServiceStable(scaled, LIMIT);

        Consumer<Deployment.Builder> later = deployment -> deployment.updatedAt(at(9));
        put(service(1, 1, deployment("ecs-svc/1", "PRIMARY", 1).copy(later)));
        watched.view.awaitServiceStable(scaled, LIMIT); // scaled again since, as an alarm does
    }

    @Test
    void aRollbackToAnEarlierDeploymentIsNotAnOlderState() throws Exception {
        Service updated = service(2, 2, deployment("ecs-svc/2", "PRIMARY", 5));
        put(service(2, 2, deployment("ecs-svc/1", "PRIMARY", 1).copy(deployment -> deployment.updatedAt(at(8)))));

        watched.view.awaitServiceStable(updated, LIMIT);
    }

    @Test
    void aServiceThatEndsFailsTheWait() {
        Service known = service(2, 0, deployment("ecs-svc/1", "PRIMARY", 1));
        put(known.copy(service -> service.status("DRAINING").desiredCount(0).deployments(List.of())));
        WaitFailedException failure =
                assertThrows(WaitFailedException.class, () -> watched.view.awaitServiceStable(known, LIMIT));
        assertEquals(ARN + ": DRAINING (expected: ACTIVE)", failure.getMessage());

        put(known.copy(service -> service.status("INACTIVE").desiredCount(0).deployments(List.of())));
        assertThrows(WaitFailedException.class, () -> watched.view.awaitServiceStable(known, LIMIT));
    }

    @Test
    void aRemovedServiceFailsTheWaitUnlessItWasCreatedAnew() {
        Service known = put(service(2, 2, deployment("ecs-svc/1", "PRIMARY", 1)));
        watched.apply(SampleChanges.missing(EntityKind.SERVICE, ARN, 0, 1_000));
        WaitFailedException failure =
                assertThrows(WaitFailedException.class, () -> watched.view.awaitServiceStable(known, LIMIT));
        assertEquals(ARN, failure.removed().orElseThrow().arn());

        Service anew = known.copy(service -> service.createdAt(at(2_000)));
        assertTrue(timeout(anew).endsWith("not seen yet"));
    }

    @Test
    void anInactiveServiceOfAnEarlierLifeIsNotMeant() {
        Service old =
                put(service(0, 0).copy(service -> service.status("INACTIVE").createdAt(at(1))));
        Service anew = service(1, 0, deployment("ecs-svc/9", "PRIMARY", 50)).copy(service -> service.createdAt(at(50)));

        assertThrows(TimeoutException.class, () -> watched.view.awaitServiceStable(anew, LIMIT));
        assertThrows(WaitFailedException.class, () -> watched.view.awaitServiceStable(old, LIMIT));
    }

    @Test
    void aServiceWithoutAnArnIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> watched.view.awaitServiceStable(Service.builder().build(), LIMIT));
        assertEquals("serviceArn: null (expected: a service's ARN, as ECS answers it)", refusal.getMessage());
        Service misspelt = Service.builder().serviceArn("web").build();
        assertThrows(IllegalArgumentException.class, () -> watched.view.whenServiceStable(misspelt));
    }

    private String timeout(Service service) {
        return assertThrows(TimeoutException.class, () -> watched.view.awaitServiceStable(service, LIMIT))
                .getMessage();
    }

    private Service put(Service service) {
        asked++;
        watched.apply(SampleChanges.byApi(EntityKind.SERVICE, service, asked));
        return service;
    }

    static Service service(int desired, int running, Deployment... deployments) {
        return Entities.service("prod", "web", service -> service.status("ACTIVE")
                .desiredCount(desired)
                .runningCount(running)
                .deployments(deployments));
    }

    static Deployment deployment(String id, String status, long second) {
        return Deployment.builder()
                .id(id)
                .status(status)
                .rolloutState("IN_PROGRESS")
                .createdAt(at(second))
                .updatedAt(at(second))
                .build();
    }

    static Instant at(long second) {
        return Entities.NOW.plusSeconds(second);
    }
}
