package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.taskArn;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.NotReadyException;
import io.clusterstate.Rollout;
import io.clusterstate.TaskStoppedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Waits of code under test, on a fake: each ends in the call that makes the change. */
class FakeWaitsTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final FakeClusterState fake = new FakeClusterState();
    private final ClusterStateView view = fake.view();

    @Test
    void aFutureCompletesInTheCallThatMakesTheChange() {
        CompletableFuture<List<Task>> running = view.whenRunning(List.of(taskArn("web-1")));
        fake.put(task("web-1").pending());
        assertFalse(running.isDone());

        fake.put(task("web-1").running());

        assertEquals(taskArn("web-1"), running.join().get(0).taskArn());
    }

    @Test
    void anActionOfAFutureMayChangeTheFake() {
        var unused = view.whenRunning(List.of(taskArn("first"))).thenRun(() -> fake.put(task("second")));
        CompletableFuture<List<Task>> second = view.whenRunning(List.of(taskArn("second")));

        fake.put(task("first"));

        assertTrue(second.isDone());
    }

    @Test
    void aStoppedTaskFailsAFutureAndAWait() {
        CompletableFuture<List<Task>> running = view.whenRunning(List.of(taskArn("web-1")));

        fake.put(task("web-1").stopped().with(task -> task.stoppedReason("Host EC2 terminated")));

        CompletionException failure = assertThrows(CompletionException.class, running::join);
        assertTrue(failure.getMessage().contains("Host EC2 terminated"), failure.getMessage());
        assertThrows(TaskStoppedException.class, () -> view.awaitRunning(List.of(taskArn("web-1")), LIMIT));
    }

    @Test
    void aTaskWhoseRetentionHasPassedIsRemembered() throws Exception {
        fake.put(task("web-1").stopped());
        fake.advance(Duration.ofHours(2));
        assertFalse(view.task(taskArn("web-1")).isPresent());

        assertEquals(1, view.awaitStopped(List.of(taskArn("web-1")), LIMIT).size());
    }

    @Test
    void pausedFuturesWait() {
        fake.subscribers().pause();
        CompletableFuture<List<Task>> running = view.whenRunning(List.of(taskArn("web-1")));
        fake.put(task("web-1"));
        assertFalse(running.isDone());

        fake.subscribers().resume();

        assertTrue(running.isDone());
    }

    @Test
    void theEndOfTheFakeFailsItsFutures() {
        CompletableFuture<List<Task>> running = view.whenRunning(List.of(taskArn("web-1")));

        fake.close();

        CompletionException failure = assertThrows(CompletionException.class, running::join);
        assertInstanceOf(NotReadyException.class, failure.getCause());
    }

    @Test
    void aServiceOfTheFakeBecomesStableAndRollsOut() throws Exception {
        Service before = fake.put(service("web").desired(2).running(0));
        assertThrows(TimeoutException.class, () -> view.awaitServiceStable(before, LIMIT));
        CompletableFuture<Rollout> rollout = view.whenRolledOut(before);
        fake.put(task("web-1").ofService("web").stopped());

        fake.put(service("web").desired(2));

        view.awaitServiceStable(before, LIMIT);
        assertEquals(Rollout.Outcome.COMPLETED, rollout.join().outcome());
        assertEquals(1, rollout.join().stopped().size());
    }

    @Test
    void aFailedRolloutOfTheFake() throws Exception {
        Service updated = fake.put(service("web").running(0));
        Deployment failed = updated.deployments()
                .get(0)
                .copy(deployment -> deployment.rolloutState("FAILED").rolloutStateReason("tasks failed to start."));

        fake.put(service("web").running(0).with(service -> service.deployments(failed)));

        assertEquals(
                "web: FAILED (tasks failed to start.), 0 stopped tasks",
                view.awaitRollout(updated, LIMIT).toString());
    }
}
