package io.clusterstate;

import static io.clusterstate.ServiceWaitTest.at;
import static io.clusterstate.ServiceWaitTest.deployment;
import static io.clusterstate.ServiceWaitTest.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Rollout.Outcome;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/** Rollouts as ECS reports them in a service, on a view by hand. */
class RolloutWaitTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String STARTS_FAIL = "ECS deployment circuit breaker: tasks failed to start.";
    private static final String ROLLING_BACK =
            "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.";

    private final Watched watched = Watched.byHand();
    private final Deployment old = deployment("ecs-svc/1", "ACTIVE", 1);
    private final Deployment next = deployment("ecs-svc/2", "PRIMARY", 5);
    private final Service updated = breaking(service(2, 2, next, old));
    private long asked;

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void aDeploymentCompletes() throws Exception {
        put(service(2, 2, ended(deployment("ecs-svc/1", "PRIMARY", 1), "COMPLETED", "before")));
        assertTrue(timeout().startsWith("rollout of ecs-svc/2 not ended after PT5S: "), timeout());
        put(updated);
        assertTrue(timeout().endsWith("2 of 2 tasks run, 2 deployments, the newest ecs-svc/2 IN_PROGRESS"), timeout());
        Service done = put(service(2, 2, ended(next, "COMPLETED", "ECS deployment ecs-svc/2 completed.")));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.COMPLETED, rollout.outcome());
        assertTrue(rollout.isCompleted());
        assertEquals("ECS deployment ecs-svc/2 completed.", rollout.reason());
        assertEquals(done, rollout.service());
        assertEquals("web: COMPLETED (ECS deployment ecs-svc/2 completed.), 0 stopped tasks", rollout.toString());
    }

    @Test
    void aDeploymentWithoutRollbackFailsWithItsStoppedTasks() throws Exception {
        Task stopped =
                Entities.task("prod", "a", task -> task.startedBy("ecs-svc/2").lastStatus("STOPPED"));
        watched.put(stopped);
        watched.put(Entities.task("prod", "b", task -> task.startedBy("ecs-svc/2")));
        put(service(2, 2, ended(next, "FAILED", STARTS_FAIL), old));

        Rollout rollout = watched.view.awaitRollout(service(2, 2, next, old), LIMIT);

        assertEquals(Outcome.FAILED, rollout.outcome());
        assertEquals(STARTS_FAIL, rollout.reason());
        assertEquals(List.of(stopped), rollout.stopped());
        assertFalse(rollout.isCompleted());
    }

    @Test
    void theFirstDeploymentHasNothingToRollBackTo() throws Exception {
        put(breaking(service(2, 0, ended(next, "FAILED", STARTS_FAIL))));

        assertEquals(Outcome.FAILED, watched.view.awaitRollout(updated, LIMIT).outcome());
    }

    @Test
    void aRollbackIsAwaitedToItsEnd() throws Exception {
        CompletableFuture<Rollout> future = watched.view.whenRolledOut(updated);
        put(breaking(service(2, 2, ended(next, "FAILED", STARTS_FAIL), old)));
        Deployment back = deployment("ecs-svc/3", "PRIMARY", 7);
        put(breaking(service(2, 2, ended(back, "IN_PROGRESS", ROLLING_BACK), demoted())));
        watched.tell();
        assertFalse(future.isDone());
        put(breaking(service(2, 2, ended(back, "COMPLETED", "ECS deployment ecs-svc/3 completed."))));
        watched.tell();

        assertEquals(Outcome.ROLLED_BACK, future.join().outcome());
        assertEquals(STARTS_FAIL, future.join().reason());
    }

    @Test
    void aRollbackThatWasNotSeenIsReadFromTheMessages() throws Exception {
        Deployment back =
                ended(deployment("ecs-svc/3", "PRIMARY", 7), "COMPLETED", "ECS deployment ecs-svc/3 completed.");
        String words = "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.";
        put(service(2, 2, back)
                .copy(service -> service.events(
                        ServiceEvent.builder()
                                .message("(service web) has reached a steady state.")
                                .build(),
                        ServiceEvent.builder()
                                .message("(service web) rolling back to deployment ecs-svc/1.")
                                .build(),
                        ServiceEvent.builder().message(words).build())));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.ROLLED_BACK, rollout.outcome());
        assertEquals(words, rollout.reason());
    }

    @Test
    void anEarlierDeploymentThatIsBackIsARollback() throws Exception {
        Deployment back = deployment("ecs-svc/1", "PRIMARY", 1).copy(deployment -> deployment.updatedAt(at(9)));
        put(service(2, 1, ended(back, "IN_PROGRESS", "ECS deployment ecs-svc/1 in progress.")));
        assertThrows(TimeoutException.class, () -> watched.view.awaitRollout(updated, LIMIT));
        put(service(2, 2, ended(back, "COMPLETED", "ECS deployment ecs-svc/1 completed.")));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.ROLLED_BACK, rollout.outcome());
        assertEquals("rolled back to ecs-svc/1", rollout.reason());
    }

    @Test
    void aRollbackThatFailsIsAFailure() throws Exception {
        Deployment back = ended(deployment("ecs-svc/3", "PRIMARY", 7), "FAILED", "no luck.");
        put(service(2, 2, back, demoted()));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.FAILED, rollout.outcome());
        assertEquals(STARTS_FAIL + " no luck.", rollout.reason());
    }

    @Test
    void aLaterDeploymentReplacesIt() throws Exception {
        put(service(2, 2, deployment("ecs-svc/3", "PRIMARY", 7), next.copy(deployment -> deployment.status("ACTIVE"))));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.REPLACED, rollout.outcome());
        assertEquals("replaced by ecs-svc/3", rollout.reason());
    }

    @Test
    void aDeploymentWithoutRolloutStateCompletesAsSoonAsTheServiceIsStable() throws Exception {
        Deployment plain = next.copy(deployment -> deployment.rolloutState((String) null));
        put(service(2, 1, plain));
        assertThrows(TimeoutException.class, () -> watched.view.awaitRollout(updated, LIMIT));
        Service stable = put(service(2, 2, plain));

        Rollout rollout = watched.view.awaitRollout(updated, LIMIT);

        assertEquals(Outcome.COMPLETED, rollout.outcome());
        assertEquals("", rollout.reason());
        assertSame(stable, rollout.service());
    }

    @Test
    void aServiceWithoutADeploymentIsRefused() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> watched.view.awaitRollout(service(1, 1), LIMIT));
        assertEquals(
                "service: " + updated.serviceArn()
                        + " with deployments [] (expected: a PRIMARY one, as ECS reports it for a rolling update)",
                refusal.getMessage());
    }

    private String timeout() {
        return assertThrows(TimeoutException.class, () -> watched.view.awaitRollout(updated, LIMIT))
                .getMessage();
    }

    private Service put(Service service) {
        asked++;
        watched.apply(SampleChanges.byApi(EntityKind.SERVICE, service, asked));
        return service;
    }

    private Deployment demoted() {
        return ended(next, "FAILED", STARTS_FAIL).copy(deployment -> deployment.status("ACTIVE"));
    }

    private static Deployment ended(Deployment deployment, String state, String reason) {
        return deployment.copy(changes -> changes.rolloutState(state).rolloutStateReason(reason));
    }

    private static Service breaking(Service service) {
        DeploymentConfiguration rollsBack = DeploymentConfiguration.builder()
                .deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))
                .build();
        return service.copy(changes -> changes.deploymentConfiguration(rollsBack));
    }
}
