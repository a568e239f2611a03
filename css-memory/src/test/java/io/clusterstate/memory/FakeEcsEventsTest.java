package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** When the events of a fake ECS reach the view. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class FakeEcsEventsTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();
    private final ClusterStateView view = fake.view();

    @BeforeEach
    void setUp() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
    }

    @Test
    void listenersAreToldBeforeTheCallReturns() {
        List<String> told = new ArrayList<>();
        view.subscribe(Listeners.words(told));
        told.clear();

        Task task = start();

        assertEquals(List.of("added " + id(task) + "1 EVENT", "changed box2 EVENT"), told);
    }

    @Test
    void aListenerMayCallEcs() {
        List<String> told = new ArrayList<>();
        view.subscribe(io.clusterstate.ChangeListener.builder()
                .onBatch(batch -> {
                    view.snapshot().tasks().status("PENDING").list().forEach(task -> ecs.run(task.taskArn()));
                    told.add("told");
                })
                .build());

        Task task = start();

        assertEquals("RUNNING", view.task(task.taskArn()).orElseThrow().lastStatus());
        assertFalse(told.isEmpty());
    }

    @Test
    void heldEventsShowNothingUntilTheyAreDelivered() {
        ecs.holdEvents();
        Task task = start();
        ecs.run(task.taskArn());

        assertEquals(Optional.empty(), view.task(task.taskArn()));
        assertEquals(1, view.instance(instanceArn("box")).orElseThrow().version());
        assertEquals("RUNNING", ecs.tasks().get(0).lastStatus());
        assertEquals(4, ecs.held().size());
        assertEquals(
                "event: task " + task.taskArn() + ", version 1",
                ecs.held().get(0).toString());

        ecs.deliver();
        assertEquals(ecs.tasks().get(0), view.task(task.taskArn()).orElseThrow());
        assertEquals(1, view.instance(instanceArn("box")).orElseThrow().runningTasksCount());
        Task second = start();
        assertEquals(Optional.empty(), view.task(second.taskArn()), "later events are still held");

        ecs.releaseEvents();
        assertEquals(Optional.of(second), view.task(second.taskArn()));
        assertEquals(List.of(), ecs.held());
        Task third = start();
        assertEquals(Optional.of(third), view.task(third.taskArn()));
        assertEquals(8, ecs.events().size());
    }

    @Test
    void eventsComeOutOfOrderAndTwice() {
        ecs.holdEvents();
        Task task = start();
        ecs.run(task.taskArn());
        FakeEvent<?> pending = ecs.held().get(0);
        FakeEvent<?> running = ecs.held().get(2);

        assertEquals(Outcome.ADDED, ecs.deliver(running));
        assertEquals(Outcome.OUTDATED, ecs.deliver(pending));
        assertEquals(Outcome.DUPLICATE, ecs.deliver(running));
        assertEquals(2, ecs.held().size());
        assertEquals("RUNNING", view.task(task.taskArn()).orElseThrow().lastStatus());
    }

    @Test
    void aLateEventLacksWhatOnlyTheApiReports() {
        ecs.holdEvents();
        Task task = client.startTask(request -> request.taskDefinition("web")
                        .containerInstances("box")
                        .tags(tag -> tag.key("team").value("a")))
                .tasks()
                .get(0);
        ecs.run(task.taskArn());

        ecs.deliver(ecs.held().get(0));
        assertEquals(List.of(), view.task(task.taskArn()).orElseThrow().tags());
        ecs.deliver();
        assertEquals(1, view.task(task.taskArn()).orElseThrow().tags().size());
    }

    @Test
    void lostEventsAreRepaired() {
        ecs.holdEvents();
        Task task = start();
        ecs.dropHeld();
        ecs.deliver();
        assertEquals(Optional.empty(), view.task(task.taskArn()));

        ecs.reconcile();
        assertEquals(Optional.of(task), view.task(task.taskArn()));
        assertEquals(2, view.instance(instanceArn("box")).orElseThrow().version());
    }

    @Test
    void aPutFollowsAHeldEvent() {
        ecs.holdEvents();
        Task task = start();
        ecs.run(task.taskArn());

        Task put = fake.put(ecs.tasks().get(0).copy(change -> change.startedBy("me")));

        assertEquals(3, put.version());
        ecs.releaseEvents();
        assertEquals("me", view.task(task.taskArn()).orElseThrow().startedBy());
    }

    @Test
    void theViewOfAServiceFollows() {
        ecs.holdEvents();
        client.createService(
                request -> request.serviceName("shop").taskDefinition("web").desiredCount(2));
        FakeEvent<?> first = ecs.held().get(0);
        client.updateService(request -> request.service("shop").desiredCount(3));

        assertEquals(0, view.snapshot().services().count());
        ecs.deliver();
        ecs.deliver(first);
        assertEquals(
                3, view.snapshot().services().list().get(0).desiredCount(), "a late notice shows the present state");
    }

    @Test
    void anyOrderOfEventsEndsInTheStateOfEcs() {
        Seeds.forEach(50, FakeEcsEventsTest::anyOrder);
    }

    private static void anyOrder(Random random) {
        FakeClusterState fake = new FakeClusterState();
        FakeEcs ecs = fake.ecs();
        fake.put(instance("box"));
        ecs.define("web", 1, 1);
        ecs.holdEvents();
        for (int i = 0; i < 30; i++) {
            List<Task> tasks = ecs.tasks();
            if (tasks.isEmpty() || random.nextInt(3) == 0) {
                ecs.client().runTask(request -> request.taskDefinition("web"));
            } else {
                String arn = tasks.get(random.nextInt(tasks.size())).taskArn();
                if (random.nextBoolean()) {
                    ecs.client().stopTask(request -> request.task(arn));
                }
                ecs.step(arn);
            }
        }
        ecs.deliverShuffled(random);

        assertEquals(List.of(), ecs.held());
        ecs.tasks().forEach(task -> assertEquals(Optional.of(task), fake.view().task(task.taskArn())));
        assertEquals(
                fake.view()
                        .snapshot()
                        .observed(EntityKind.INSTANCE, instanceArn("box"))
                        .orElseThrow()
                        .value(),
                ecs.client()
                        .describeContainerInstances(request -> request.containerInstances("box"))
                        .containerInstances()
                        .get(0));
    }

    private Task start() {
        return client.startTask(request -> request.taskDefinition("web").containerInstances("box"))
                .tasks()
                .get(0);
    }

    private static String id(Task task) {
        return task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1);
    }
}
