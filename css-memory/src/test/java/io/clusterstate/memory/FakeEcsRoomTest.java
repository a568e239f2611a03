package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ecs.Capacity;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** What the tasks of a fake ECS take of an instance, and give back. */
class FakeEcsRoomTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();

    @Test
    void aRemovedTaskGivesBackWhatItHolds() {
        ContainerInstance empty = fake.put(instance("box"));
        ecs.define("web", 512, 1024);
        Task task = start();
        assertEquals(1, box().pendingTasksCount());

        fake.remove(task.taskArn());

        assertEquals(Capacity.remaining(empty), Capacity.remaining(box()));
        assertEquals(0, box().pendingTasksCount());
        assertEquals(List.of(), ecs.tasks());
    }

    @Test
    void theEventOfTheRoomThatARemovedTaskGivesBackIsHeldToo() {
        ContainerInstance empty = fake.put(instance("box"));
        ecs.define("web", 512, 1024);
        Task task = start();
        ecs.holdEvents();

        fake.remove(task.taskArn());
        assertEquals(1, ecs.held().size());
        ecs.deliver();

        assertEquals(Capacity.remaining(empty), Capacity.remaining(box()));
    }

    private Task start() {
        return ecs.client()
                .runTask(request -> request.taskDefinition("web"))
                .tasks()
                .get(0);
    }

    private ContainerInstance box() {
        return fake.view().instance(instanceArn("box")).orElseThrow();
    }
}
