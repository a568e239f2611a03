package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The recipe of task definitions. */
class ReadmeDefinitionsTest {

    @Test
    void theViewHasTheDefinitionOfATask() throws Exception {
        try (SimulatorFixture world =
                new SimulatorFixture(Simulator.builder().seed(1).tasks(5))) {
            EcsClient ecsClient = world.ecs();
            EventSource queue = world.source();
            StateStore store = new ReferenceStore(InstantSource.system(), Duration.ofHours(1), Duration.ofDays(1));
            // region: task-definitions
            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(ecsClient)
                    .events(queue)
                    .store(store)
                    .taskDefinitions(TaskDefinitions.referenced()) // without the values of environment variables
                    .build();
            // end: task-definitions
            try (mirror) {
                mirror.start();
                mirror.view().awaitReady(Duration.ofSeconds(30));
                Task task = mirror.view().snapshot().tasks().first().orElseThrow();
                assertTrue(imagesOf(mirror.view(), task).get(0).contains("/"));
            }
        }
    }

    private static List<String> imagesOf(ClusterStateView view, Task task) throws Exception {
        // region: definition-of-a-task
        Optional<TaskDefinition> known = view.snapshot().definition(task); // absent: not yet
        TaskDefinition definition = known.isPresent()
                ? known.get()
                : view.awaitDefinition(task.taskDefinitionArn(), Duration.ofSeconds(30));
        List<String> images = definition.containerDefinitions().stream()
                .map(ContainerDefinition::image)
                .toList();
        // end: definition-of-a-task
        return images;
    }
}
