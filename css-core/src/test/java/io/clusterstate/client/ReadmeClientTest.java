package io.clusterstate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;

/** The recipe of the client over a view. */
class ReadmeClientTest {

    @Test
    void existingCodeReadsFromTheView() throws Exception {
        try (MirroredEcs mirrored = MirroredEcs.of(
                        Simulator.builder().seed(1).clusters(1).tasks(20))
                .ready()) {
            EcsClient ecsClient = mirrored.world().ecs();
            ClusterMirror mirror = mirrored.mirror();
            // region: view-client
            ViewEcsClient ecs = ViewEcsClient.over(mirror.view(), ecsClient)
                    .expectations(mirror.expectations()) // own starts and stops show at once
                    .build();
            List<String> running = ecs.listTasksPaginator().taskArns().stream().toList(); // no call
            ecs.stopTask(call -> call.task(running.get(0))); // goes to ECS
            DescribeTasksResponse current = ecs.describeTasks(
                    call -> call.tasks(running).overrideConfiguration(ViewEcsClient.bypass())); // asks ECS this time
            AnswerCounts counts = ecs.counts(); // by operation, with the reasons of calls to ECS
            // end: view-client

            assertFalse(running.isEmpty());
            assertEquals(running.size(), current.tasks().size());
            assertEquals(1, counts.totalLocal());
            assertEquals(2, counts.totalDelegated());
        }
    }
}
