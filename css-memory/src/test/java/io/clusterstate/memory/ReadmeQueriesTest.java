package io.clusterstate.memory;

import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EndpointList;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.InstanceAddresses;
import io.clusterstate.ReadPolicy;
import io.clusterstate.Requirement;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskStatus;
import io.clusterstate.UnknownClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The recipes about queries and endpoints in {@code docs/recipes.md}. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class ReadmeQueriesTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final ClusterStateView view = fake.view();
    private final List<String> log = new ArrayList<>();

    @Test
    void queries() {
        fake.put(instance("box"));
        fake.put(service("web"));
        fake.put(task("t1").ofService("web").on("box").with(t -> t.launchType("EC2")));
        fake.put(task("t2").ofService("web").on("box").pending());
        fake.put(task("t3").ofService("web").on("box").stopped());
        TaskDefinition definition = TaskDefinition.builder()
                .containerDefinitions(container -> container.cpu(256).memory(512))
                .build();

        // region: typed-queries
        Snapshot now = view.snapshot();
        List<Task> live = now.tasks().ofService("web").live().list(); // without the stopped ones that the store keeps
        List<Task> started = now.tasks().live().atLeast(TaskStatus.RUNNING).list();
        List<Task> onBox =
                now.tasks().onInstance("box").launchType(LaunchType.EC2).list(); // an id, or an ARN
        List<ContainerInstance> roomy = now.instances()
                .placeable()
                .withFree(Requirement.of(definition).toArray(Requirement[]::new))
                .list();
        boolean isEmpty = now.knows("default") && now.tasks().in("default").count() == 0; // not just misspelt
        // end: typed-queries

        assertEquals(List.of(2, 1, 3), List.of(live.size(), started.size(), onBox.size()));
        assertEquals(1, roomy.size());
        assertTrue(!isEmpty);
        assertThrows(IllegalArgumentException.class, () -> now.tasks().status("running"));
        assertThrows(
                UnknownClusterException.class, () -> view.read(ReadPolicy.any().in("defualt")));
    }

    @Test
    void endpoints() {
        fake.put(instance("box").with(i -> i.ec2InstanceId("i-1")));
        fake.put(service("web"));
        NetworkBinding bound =
                NetworkBinding.builder().containerPort(8080).hostPort(32768).build();
        fake.put(task("t1")
                .ofService("web")
                .on("box")
                .with(t -> t.containers(
                        Container.builder().name("web").networkBindings(bound).build())));

        // region: endpoints
        InstanceAddresses addresses = InstanceAddresses.by(ids -> privateAddressesOf(ids)); // EC2's DescribeInstances
        view.subscribe(ChangeListener.builder() // has a thread of its own, on which the call may block
                .onBatch(batch -> {
                    if (batch.of(EntityKind.INSTANCE).stream().anyMatch(EntityChange::isAddition)) {
                        addresses.refresh(batch.snapshot());
                    }
                })
                .build());

        EndpointList web = view.snapshot().endpoints(addresses).ofService("web").port(8080); // or port("http")
        web.known().forEach(each -> log.add(each + " " + each.health())); // 10.0.0.1:32768 UNKNOWN
        web.unknown().forEach(missing -> log.add(missing.reason()));
        // end: endpoints

        assertEquals(List.of("10.0.0.1:32768 UNKNOWN"), log);
        assertEquals(
                1,
                view.snapshot()
                        .endpoints()
                        .ofService("web")
                        .port(8080)
                        .unknown()
                        .size());
    }

    private static Map<String, String> privateAddressesOf(Iterable<String> ids) {
        return Map.of(ids.iterator().next(), "10.0.0.1");
    }
}
