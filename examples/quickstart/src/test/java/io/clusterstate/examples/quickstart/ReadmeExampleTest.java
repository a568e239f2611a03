package io.clusterstate.examples.quickstart;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterMirror;
import io.clusterstate.ReadPolicy;
import io.clusterstate.Snapshot;
import io.clusterstate.SqsEventSource;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The example of the README, at work. */
class ReadmeExampleTest {

    @Test
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
                    .withFree(cpu(512), memory(1024))
                    .list();
            // end: first-example

            // region: read-policy
            ReadPolicy proven = ReadPolicy.any().in("default").atMostStale(Duration.ofMinutes(30));
            Snapshot whole = mirror.view().read(proven).snapshot(); // or StaleViewException, which says how stale
            ReadPolicy.Answer answer = mirror.view().read(proven.servingMarked()); // or answer.unmet(), in words
            // end: read-policy

            assertTrue(answer.isMet());
            assertEquals(now.clusters().list(), whole.clusters().list());
            mirror.close();
            assertEquals(now.tasks().in("default").count(), running.size());
            assertFalse(roomy.isEmpty());
        }
    }
}
