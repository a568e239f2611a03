package io.clusterstate.examples.quickstart;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.ReadPolicy;
import io.clusterstate.Snapshot;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The example of the README, at work. */
class ReadmeExampleTest {

    @Test
    @Timeout(120)
    void readsTheStateOfAClusterInProcess() throws Exception {
        try (World world =
                World.simulated(Simulator.builder().clusters(3).tasks(300).build())) {
            EcsClient ecsClient = world.ecs();
            SqsClient sqsClient = world.sqs();

            // region: first-example
            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(ecsClient) // your own AWS clients
                    .events(SqsEventSource.of(sqsClient, "css_queue"))
                    .store(new MemoryStateStore())
                    .build();
            mirror.start();
            mirror.view().awaitReady(Duration.ofSeconds(30));

            Snapshot now = mirror.view().snapshot(); // one moment; no lock, no call
            List<Task> running = now.tasks().in("default").status("RUNNING").list();
            List<ContainerInstance> roomy = now.instances()
                    .in("default")
                    .placeable() // active, with a connected agent
                    .withFree(cpu(512), memory(1024))
                    .list();
            // end: first-example

            // region: read-policy
            ReadPolicy proven = ReadPolicy.any().in("default").atMostStale(Duration.ofMinutes(30));
            Snapshot whole = mirror.view().read(proven).snapshot(); // or StaleViewException, which says how stale
            ReadPolicy.Result answer = mirror.view().read(proven.servingMarked()); // or answer.unmet(), in words
            // end: read-policy

            Map<String, Task> byArn = new ConcurrentHashMap<>();
            ClusterStateView view = mirror.view();

            // region: listener
            ChangeListener listener = ChangeListener.builder()
                    .tasks(tasks -> tasks.matching(
                                    query -> query.in("default").status("RUNNING")) // one that leaves is a removal
                            .onAdded(task -> byArn.put(task.taskArn(), task)) // first, all that are there
                            .onChanged((before, after) -> byArn.put(after.taskArn(), after))
                            .onRemoved(task -> byArn.remove(task.taskArn())))
                    .build();
            Subscription subscription = view.subscribe(listener); // on a thread of its own
            // end: listener

            waitUntil(() -> byArn.size() == running.size());
            String taskArn = running.get(0).taskArn();
            ecsClient.stopTask(request -> request.cluster("default").task(taskArn));
            world.simulator().orElseThrow().tick();

            // region: wait
            Snapshot later = view.awaitUntil(
                    state -> state.tasks().desiredStatus("STOPPED").count() > 0, Duration.ofSeconds(30));
            // end: wait

            assertTrue(later.revision() > now.revision());
            waitUntil(() -> {
                world.simulator().orElseThrow().tick(); // from status to status, until it does not run any more
                return !byArn.containsKey(taskArn);
            });
            subscription.cancel();
            assertTrue(answer.isMet());
            assertEquals(now.clusters().list(), whole.clusters().list());
            mirror.close();
            assertEquals(now.tasks().in("default").count(), running.size());
            assertFalse(roomy.isEmpty());
        }
    }

    private static void waitUntil(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
