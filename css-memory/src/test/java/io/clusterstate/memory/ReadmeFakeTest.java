package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import java.util.Comparator;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** The example of the README, at work: a scheduler's unit test. */
class ReadmeFakeTest {

    /** Picks the instance with room that has the fewest tasks which are to run. */
    private record Placement(ClusterStateView view) {

        Optional<String> pick(String cluster, int cpu, int memory) {
            Snapshot now = view.snapshot();
            return now.instances().in(cluster).placeable().withFree(cpu(cpu), memory(memory)).list().stream()
                    .map(ContainerInstance::containerInstanceArn)
                    .min(Comparator.comparingInt(arn ->
                            now.tasks().onInstance(arn).desiredStatus("RUNNING").count()));
        }
    }

    // region: scheduler-test
    @Test
    void picksTheInstanceWithRoomThatHasTheFewestTasks() {
        FakeClusterState fake = new FakeClusterState();
        fake.put(instance("full").free(cpu(128), memory(4096)));
        fake.put(instance("busy").free(cpu(1024), memory(2048)));
        fake.put(instance("quiet").free(cpu(1024), memory(2048)));
        fake.put(task("web-1").on("busy"));

        Optional<String> picked = new Placement(fake.view()).pick("default", 512, 1024);
        assertEquals(Optional.of(instanceArn("quiet")), picked);
    }
    // end: scheduler-test

    @Test
    void countsNoTaskThatHasStopped() {
        FakeClusterState fake = new FakeClusterState();
        fake.put(instance("busy"));
        fake.put(instance("quiet"));
        fake.put(task("web-1").on("busy"));
        fake.put(task("old-1").on("quiet").stopped());
        fake.put(task("old-2").on("quiet").stopped());

        Optional<String> picked = new Placement(fake.view()).pick("default", 512, 1024);

        assertEquals(Optional.of(instanceArn("quiet")), picked);
    }
}
