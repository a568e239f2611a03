package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.ecs.Capacity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** The life of tasks in a fake ECS, and the resources that they take on their instances. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class FakeEcsTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();
    private final ClusterStateView view = fake.view();

    @Test
    void aStartedTaskIsInEcsAndInTheView() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);

        Task started = start("web", "box").tasks().get(0);

        assertEquals("PENDING RUNNING", statuses(started));
        assertEquals(instanceArn("box"), started.containerInstanceArn());
        assertEquals("family:web", started.group());
        assertEquals(FakeArns.taskDefinitionArn("web", 1), started.taskDefinitionArn());
        assertEquals("256 512", started.cpu() + " " + started.memory());
        assertEquals("eu-west-1a", started.availabilityZone());
        assertEquals(FakeClusterState.START, started.createdAt());
        assertEquals(Optional.of(started), view.task(started.taskArn()));
        assertEquals(List.of(started), ecs.tasks());
        assertSame(ecs, fake.ecs());
        assertSame(client, ecs.client());
    }

    @Test
    void equalCallsGiveEqualTasks() {
        FakeClusterState other = new FakeClusterState();
        other.put(instance("box"));
        other.ecs().define("web", 256, 512);
        fake.put(instance("box"));
        ecs.define("web", 256, 512);

        assertEquals(
                start("web", "box").tasks(),
                other.ecs()
                        .client()
                        .startTask(request -> request.taskDefinition("web").containerInstances("box"))
                        .tasks());
        assertEquals(
                FakeArns.taskArn("00000000000000000000000000000001"),
                ecs.tasks().get(0).taskArn());
    }

    @Test
    void aTaskRunsWhenTheTestSaysSo() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
        String arn = start("web", "box").tasks().get(0).taskArn();
        fake.advance(java.time.Duration.ofSeconds(5));

        Task running = ecs.run(arn);

        assertEquals("RUNNING RUNNING", statuses(running));
        assertEquals(2, running.version());
        assertEquals(FakeClusterState.START.plusSeconds(5), running.startedAt());
        assertEquals("RUNNING", running.containers().get(0).lastStatus());
        assertEquals(Optional.of(running), view.task(arn));
        assertEquals(running, ecs.run(arn), "a running task stays as it is");
        assertEquals(running, ecs.step(arn));
    }

    @Test
    void aTaskWithItsOwnInterfaceHasMoreSteps() {
        fake.put(instance("box"));
        client.registerTaskDefinition(definition -> definition
                .family("api")
                .networkMode("awsvpc")
                .cpu("1 vCPU")
                .memory("2 GB")
                .containerDefinitions(container -> container.name("api")));
        List<String> seen = new ArrayList<>();

        Task task = start("api", "box").tasks().get(0);
        seen.add(task.lastStatus());
        for (int i = 0; i < 2; i++) {
            seen.add(ecs.step(task.taskArn()).lastStatus());
        }
        client.stopTask(request -> request.task(task.taskArn()));
        for (int i = 0; i < 3; i++) {
            seen.add(ecs.step(task.taskArn()).lastStatus());
        }

        assertEquals("1024 2048", task.cpu() + " " + task.memory());
        assertEquals(List.of("PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED", "STOPPED"), seen);
    }

    @Test
    void anInstanceIsChargedAndCounted() {
        fake.put(instance("box").of(cpu(1024), memory(2048)));
        ecs.define("web", 256, 512);

        String arn = start("web", "box").tasks().get(0).taskArn();
        assertEquals("v2 cpu 768 memory 1536 running 0 pending 1", room("box"));
        ecs.run(arn);
        assertEquals("v3 cpu 768 memory 1536 running 1 pending 0", room("box"));
        client.stopTask(request -> request.task(arn));
        assertEquals("v3 cpu 768 memory 1536 running 1 pending 0", room("box"));
        ecs.stop(arn);
        assertEquals("v4 cpu 1024 memory 2048 running 0 pending 0", room("box"));
    }

    @Test
    void fixedPortsAndGpusAreTakenAndGivenBack() {
        fake.put(instance("box").of(io.clusterstate.Requirement.gpus(2)));
        client.registerTaskDefinition(definition -> definition
                .family("trainer")
                .networkMode("bridge")
                .containerDefinitions(container -> container
                        .name("trainer")
                        .cpu(1)
                        .memory(1)
                        .resourceRequirements(each -> each.type("GPU").value("1"))
                        .portMappings(
                                each -> each.containerPort(80).hostPort(8080),
                                each -> each.containerPort(81),
                                each -> each.containerPort(53).hostPort(5353).protocol("udp"))));

        String arn = start("trainer", "box").tasks().get(0).taskArn();

        assertEquals(1, left("box").gpus().size());
        assertTrue(left("box").takenPorts().contains("8080"));
        assertTrue(left("box").takenUdpPorts().contains("5353"));
        assertEquals(
                List.of("RESOURCE:PORTS"),
                start("trainer", "box").failures().stream().map(Failure::reason).toList());
        ecs.stop(arn);
        assertEquals(2, left("box").gpus().size());
        assertTrue(!left("box").takenPorts().contains("8080"));
        assertTrue(!left("box").takenUdpPorts().contains("5353"));
    }

    @Test
    void runTaskTakesTheFirstInstanceWithRoom() {
        fake.put(instance("c"));
        fake.put(instance("a").draining());
        fake.put(instance("b").of(cpu(512), memory(4096)));
        ecs.define("web", 256, 512);

        RunTaskResponse response =
                client.runTask(request -> request.taskDefinition("web").count(3));

        assertEquals(
                List.of(instanceArn("b"), instanceArn("b"), instanceArn("c")),
                response.tasks().stream().map(Task::containerInstanceArn).toList());
    }

    @Test
    void runTaskStartsWhatFitsAndNamesTheReasonsForTheRest() {
        fake.put(instance("a").of(cpu(300), memory(4096)));
        fake.put(instance("b").agentDisconnected());
        fake.put(instance("c").draining());
        fake.put(instance("d").of(memory(256)));
        fake.put(instance("e").inactive());
        ecs.define("web", 256, 512);

        RunTaskResponse response =
                client.runTask(request -> request.taskDefinition("web").count(2));

        assertEquals(1, response.tasks().size());
        assertEquals(
                List.of("a RESOURCE:CPU", "b AGENT", "c INACTIVE", "d RESOURCE:MEMORY"), reasons(response.failures()));
    }

    @Test
    void runTaskKeepsTasksApartWhereTheRequestSaysSo() {
        fake.put(instance("a"));
        fake.put(instance("b"));
        ecs.define("web", 256, 512);

        RunTaskResponse response = client.runTask(request ->
                request.taskDefinition("web").count(3).placementConstraints(each -> each.type("distinctInstance")));

        assertEquals(2, response.tasks().size());
        assertEquals(2, response.failures().size());
        UnsupportedOperationException refused = assertThrows(
                UnsupportedOperationException.class,
                () -> client.runTask(
                        request -> request.taskDefinition("web").placementConstraints(each -> each.type("memberOf")
                                .expression("attribute:ecs.os-type == linux"))));
        assertEquals(
                "placementConstraints: memberOf attribute:ecs.os-type == linux"
                        + " (expected: distinctInstance, or ec2InstanceId == ID; the fake evaluates no other"
                        + " expression)",
                refused.getMessage());
    }

    @Test
    void tasksOfTheGroupFromEarlierCallsCountAsWellUntilTheyAreToStop() {
        fake.put(instance("a"));
        ecs.define("web", 256, 512);
        Task first = startApart("web").tasks().get(0);
        ecs.run(first.taskArn());

        assertEquals(
                List.of("a DistinctInstance placement constraint unsatisfied."),
                reasons(startApart("web").failures()));
        assertEquals(1, startApart("other").tasks().size(), "its group has no task there");

        client.stopTask(request -> request.task(first.taskArn()));
        assertEquals(1, startApart("web").tasks().size(), "ECS looks at the desired status");
    }

    private RunTaskResponse startApart(String group) {
        return client.runTask(request ->
                request.taskDefinition("web").group(group).placementConstraints(each -> each.type("distinctInstance")));
    }

    @Test
    void runTaskTakesTheInstanceThatTheRequestNames() {
        fake.put(instance("a"));
        fake.put(instance("b"));
        ecs.define("web", 256, 512);

        RunTaskResponse response = client.runTask(
                request -> request.taskDefinition("web").placementConstraints(memberOf("ec2InstanceId == i-b")));
        RunTaskResponse none = client.runTask(
                request -> request.taskDefinition("web").placementConstraints(memberOf("ec2InstanceId == i-c")));

        assertEquals(instanceArn("b"), response.tasks().get(0).containerInstanceArn());
        assertEquals(
                List.of("a MemberOf placement constraint unsatisfied.", "b MemberOf placement constraint unsatisfied."),
                reasons(none.failures()));
    }

    private static PlacementConstraint memberOf(String expression) {
        return PlacementConstraint.builder()
                .type("memberOf")
                .expression(expression)
                .build();
    }

    @Test
    void onFargateATaskHasNoInstance() {
        ecs.define("web", 256, 512);

        Task task = client.runTask(request -> request.taskDefinition("web").launchType("FARGATE"))
                .tasks()
                .get(0);
        Task spot = client.runTask(request -> request.taskDefinition("web")
                        .capacityProviderStrategy(each -> each.capacityProvider("FARGATE_SPOT")))
                .tasks()
                .get(0);

        assertNull(task.containerInstanceArn());
        assertEquals("PROVISIONING", task.lastStatus());
        assertEquals("FARGATE FARGATE_SPOT", spot.launchTypeAsString() + " " + spot.capacityProviderName());
        assertEquals("RUNNING", ecs.run(task.taskArn()).lastStatus());
    }

    @Test
    void startTaskAnswersForEachInstance() {
        fake.put(instance("a"));
        fake.put(instance("b").inactive());
        ecs.define("web", 256, 512);

        StartTaskResponse response = start("web", "a", "b", "gone");

        assertEquals(1, response.tasks().size());
        assertEquals(List.of("b INACTIVE", "gone MISSING"), reasons(response.failures()));
    }

    @Test
    void overridesChangeWhatATaskTakes() {
        fake.put(instance("box").of(cpu(1024), memory(2048)));
        ecs.define("web", 256, 512);

        client.startTask(request -> request.taskDefinition("web")
                .containerInstances("box")
                .overrides(all ->
                        all.containerOverrides(own -> own.name("web").cpu(512).memoryReservation(1024))));

        assertEquals("v2 cpu 512 memory 1024 running 0 pending 1", room("box"));
    }

    @Test
    void anOverrideOfTheHardLimitLeavesTheReservationAsItIs() {
        fake.put(instance("box").of(cpu(1024), memory(2048)));
        client.registerTaskDefinition(request -> request.family("web")
                .containerDefinitions(each -> each.name("web").memoryReservation(256)));

        client.startTask(request -> request.taskDefinition("web")
                .containerInstances("box")
                .overrides(all -> all.containerOverrides(own -> own.name("web").memory(1024))));

        assertEquals("v2 cpu 1024 memory 1792 running 0 pending 1", room("box"));
    }

    @Test
    void stopTaskLetsATaskBeToStop() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
        String arn = ecs.run(start("web", "box").tasks().get(0).taskArn()).taskArn();

        Task stopping =
                client.stopTask(request -> request.task(arn).reason("enough")).task();

        assertEquals("RUNNING STOPPED", statuses(stopping));
        assertEquals("UserInitiated enough", stopping.stopCodeAsString() + " " + stopping.stoppedReason());
        assertEquals(Optional.of(stopping), view.task(arn));
        assertEquals(
                stopping, client.stopTask(request -> request.task(arn)).task(), "a second request changes nothing");
        assertThrows(IllegalStateException.class, () -> ecs.run(arn));

        Task stopped = ecs.stop(arn);
        assertEquals("STOPPED STOPPED", statuses(stopped));
        assertEquals("UserInitiated enough", stopped.stopCodeAsString() + " " + stopped.stoppedReason());
        assertEquals(143, stopped.containers().get(0).exitCode());
        assertEquals(FakeClusterState.START, stopped.stoppedAt());
    }

    @Test
    void aTaskEndsByItselfOrDoesNotStart() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
        String exits = ecs.run(start("web", "box").tasks().get(0).taskArn()).taskArn();
        String fails = start("web", "box").tasks().get(0).taskArn();

        Task exited = ecs.stop(exits, "Essential container in task exited", 1);
        Task failed = ecs.failToStart(fails, "CannotPullContainerError: not found");

        assertEquals("EssentialContainerExited", exited.stopCodeAsString());
        assertEquals(1, exited.containers().get(0).exitCode());
        assertEquals("TaskFailedToStart", failed.stopCodeAsString());
        assertEquals("CannotPullContainerError: not found", failed.stoppedReason());
        assertNull(failed.containers().get(0).exitCode());
        assertEquals(2048, left("box").cpu());
    }

    @Test
    void allTasksSettleAtOnce() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
        String stays = start("web", "box").tasks().get(0).taskArn();
        String leaves = start("web", "box").tasks().get(0).taskArn();
        client.stopTask(request -> request.task(leaves));

        ecs.settle();

        assertEquals("RUNNING", view.task(stays).orElseThrow().lastStatus());
        assertEquals("STOPPED", view.task(leaves).orElseThrow().lastStatus());
        client.stopTask(request -> request.task(stays));
        ecs.settle();
        assertEquals(143, view.task(stays).orElseThrow().containers().get(0).exitCode());
    }

    @Test
    void whatTheTestPutsIsInEcs() {
        Task put = fake.put(task("old").in("prod").on("box").pending());
        fake.put(instance("box").in("prod"));

        assertEquals(List.of(put), ecs.tasks());
        assertEquals("RUNNING", ecs.run(put.taskArn()).lastStatus());
        assertEquals(2, view.task(put.taskArn()).orElseThrow().version());
        assertEquals(0, view.instance(instanceArn("prod", "box")).orElseThrow().runningTasksCount());

        fake.changeTask(put.taskArn(), change -> change.startedBy("me"));
        assertEquals("me", ecs.tasks().get(0).startedBy());
        fake.remove(put.taskArn());
        assertEquals(List.of(), ecs.tasks());
        IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, () -> ecs.step(put.taskArn()));
        assertEquals(
                "taskArn: " + put.taskArn() + " (expected: the ARN of a task in the fake ECS)", unknown.getMessage());
    }

    @Test
    void ecsForgetsAStoppedTaskAfterAnHour() {
        Task put = fake.put(task("old"));
        ecs.stop(put.taskArn());

        fake.advance(java.time.Duration.ofHours(1));
        assertEquals(1, ecs.tasks().size());
        fake.advance(java.time.Duration.ofSeconds(1));
        assertEquals(0, ecs.tasks().size());
    }

    private StartTaskResponse start(String family, String... instances) {
        return client.startTask(request -> request.taskDefinition(family).containerInstances(instances));
    }

    private static String statuses(Task task) {
        return task.lastStatus() + " " + task.desiredStatus();
    }

    private ContainerInstance box(String id) {
        ContainerInstance shown = view.instance(instanceArn(id)).orElseThrow();
        assertEquals(
                List.of(shown),
                client.describeContainerInstances(request -> request.containerInstances(id))
                        .containerInstances());
        return shown;
    }

    private Capacity left(String id) {
        return Capacity.remaining(box(id));
    }

    private String room(String id) {
        ContainerInstance box = box(id);
        return "v" + box.version() + " cpu " + left(id).cpu() + " memory " + left(id).memory() + " running "
                + box.runningTasksCount() + " pending " + box.pendingTasksCount();
    }

    private static List<String> reasons(List<Failure> failures) {
        return failures.stream()
                .map(each -> each.arn().substring(each.arn().lastIndexOf('/') + 1) + " " + each.reason())
                .toList();
    }
}
