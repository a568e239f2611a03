package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ecs.Capacity;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Task;

/** Tasks of a fake ECS take room on their instance, and give it back. */
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

    @Test
    void aRunningTaskOnABridgeHasItsPortsBound() {
        fake.put(instance("box"));
        ecs.client().registerTaskDefinition(request -> request.family("web")
                .networkMode("bridge")
                .containerDefinitions(
                        container("web", PortMapping.builder().containerPort(80).hostPort(8080)),
                        container("admin", PortMapping.builder().containerPort(81))));
        Task task = start();
        assertEquals(List.of(), bindings(task));

        ecs.run(task.taskArn());

        assertEquals(
                List.of("80 on 8080 tcp", "81 on 32768 tcp"),
                bindings(fake.view().task(task.taskArn()).orElseThrow()));
    }

    @Test
    void aTaskWithItsOwnInterfaceOrOnTheHostsNetworkBindsNoPort() {
        fake.put(instance("box"));
        for (String mode : List.of("awsvpc", "host", "none")) {
            ecs.client().registerTaskDefinition(request -> request.family("web")
                    .networkMode(mode)
                    .containerDefinitions(container("web", PortMapping.builder().containerPort(80))));

            Task task = ecs.run(start().taskArn());

            assertEquals(List.of(), bindings(task));
            ecs.stop(task.taskArn());
        }
    }

    private static ContainerDefinition container(String name, PortMapping.Builder port) {
        return ContainerDefinition.builder()
                .name(name)
                .memory(64)
                .portMappings(port.build())
                .build();
    }

    private static List<String> bindings(Task task) {
        return task.containers().stream()
                .flatMap(container -> container.networkBindings().stream())
                .map(each -> each.containerPort() + " on " + each.hostPort() + " " + each.protocolAsString())
                .toList();
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
