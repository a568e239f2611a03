package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeCause;
import io.clusterstate.ClusterStateView;
import io.clusterstate.Removed;
import io.clusterstate.Rollout;
import io.clusterstate.examples.quickstart.migration.SimulatedAccount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** The recipes about waits, at work. */
class ReadmeWaitsTest {

    @Test
    @Timeout(300)
    void waitsForTasksAndARollout() throws Exception {
        try (SimulatedAccount account = new SimulatedAccount()) {
            EcsClient ecs = account.ecs();
            ClusterStateView view = account.view();
            Service web = view.snapshot().services().in("default").first().orElseThrow();
            RunTaskRequest batch = RunTaskRequest.builder()
                    .cluster("default")
                    .taskDefinition("batch")
                    .launchType("FARGATE")
                    .count(2)
                    .build();

            // region: waits
            List<String> arns =
                    ecs.runTask(batch).tasks().stream().map(Task::taskArn).toList();
            List<Task> running = view.awaitRunning(arns, Duration.ofMinutes(2)); // or TaskStoppedException
            CompletableFuture<List<Task>> ended = view.whenStopped(arns); // with exit codes; occupies no thread
            // end: waits

            // region: wait-rollout
            Service updated = ecs.updateService(request -> request.cluster(web.clusterArn())
                            .service(web.serviceName())
                            .forceNewDeployment(true))
                    .service();
            Rollout rollout = view.awaitRollout(updated, Duration.ofMinutes(10)); // of the deployment in the answer
            if (!rollout.isCompleted()) { // FAILED, ROLLED_BACK or REPLACED
                throw new IllegalStateException(rollout.toString()); // rollout.stopped() has the exit codes
            }
            // end: wait-rollout

            assertEquals(2, running.size());
            arns.forEach(
                    arn -> ecs.stopTask(request -> request.cluster("default").task(arn)));
            assertEquals(2, ended.get(60, TimeUnit.SECONDS).size());
            assertEquals(
                    updated.deployments().get(0).id(),
                    rollout.service().deployments().get(0).id());
            view.awaitServiceStable(updated, Duration.ofSeconds(60));
        }
    }

    @Test
    @Timeout(300)
    void tellsGoneFromNeverSeen() throws Exception {
        try (SimulatedAccount account = new SimulatedAccount()) {
            ClusterStateView view = account.view();
            Task task = view.snapshot()
                    .tasks()
                    .in("default")
                    .status("RUNNING")
                    .first()
                    .orElseThrow();
            String arn = task.taskArn();
            account.simulator().vanishTask(arn);
            account.reconcileUntilRemoved(arn);

            // region: removed
            Optional<Removed<?>> removed = view.snapshot().removed(arn); // empty if there, or never seen
            removed.ifPresent(gone -> System.out.println(gone.cause() + " at " + gone.at() + ": " + gone.last()));
            // end: removed

            assertEquals(ChangeCause.MISSING, removed.orElseThrow().cause());
            assertTrue(view.task(arn).isEmpty());
        }
    }
}
