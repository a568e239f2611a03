package io.clusterstate.examples.daemonscheduler;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.Expectations;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.expect.OpenExpectations;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.FakeEcs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** The decisions, one by one, on a fake. */
class DaemonReconcilerTest {

    private static final Daemon LOGS = new Daemon("logs", "default", "logs:1", "attribute:ecs.os-type == linux");
    private static final Duration RESTART = Duration.ofSeconds(10);
    private static final Duration SETTLED = Duration.ofMinutes(5);

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();

    private Expectations mine;
    private DaemonReconciler reconciler;

    @BeforeEach
    void define() {
        ecs.define("logs", 128, 256);
        restart();
    }

    /** A process that starts anew knows nothing but the view. */
    private void restart() {
        mine = new OpenExpectations(
                fake.view(), fake.clock(), () -> fake.clock().instant().toEpochMilli() * 1_000_000, () -> {}, false);
        Starts starts = new Starts(LOGS, client, mine, new Starts.Pace(RESTART, SETTLED), fake.clock());
        reconciler = new DaemonReconciler(LOGS, client, mine, starts);
    }

    private void reconcile() {
        reconciler.reconcile(() -> true);
    }

    @Test
    void eachPlaceableInstanceThatMatchesHasOne() {
        fake.put(instance("a").attribute("ecs.os-type", "linux"));
        fake.put(instance("b").attribute("ecs.os-type", "linux"));
        fake.put(instance("c").attribute("ecs.os-type", "windows"));
        fake.put(instance("d").attribute("ecs.os-type", "linux").draining());
        fake.put(instance("e").attribute("ecs.os-type", "linux").agentDisconnected());

        reconcile();
        reconcile();

        assertEquals(List.of("a PENDING", "b PENDING"), tasks());
        assertEquals(2, calls("RunTask"));
    }

    @Test
    void whoDoesNotLeadCallsNobody() {
        put("a");

        reconciler.reconcile(() -> false);

        assertEquals(0, calls("RunTask"));
    }

    @Test
    void aStartThatTheViewDoesNotShowYetIsNotRepeated() {
        put("a");
        ecs.holdEvents();

        reconcile();
        reconcile();

        assertEquals(1, calls("RunTask"));
    }

    @Test
    void aStartWithoutAnAnswerIsRepeatedAndStartsOneTask() {
        put("a");
        ecs.holdEvents();
        ecs.loseAnswerOf("RunTask");
        reconcile();
        reconcile();
        assertEquals(List.of("a PENDING"), tasks());
        assertEquals(2, calls("RunTask"));
        ecs.deliver();

        put("b");
        ecs.loseCall("RunTask");
        reconcile();
        assertEquals(List.of("a PENDING"), tasks());
        reconcile();
        assertEquals(List.of("a PENDING", "b PENDING"), tasks());
        assertEquals(4, calls("RunTask"));
    }

    @Test
    void aProcessThatStartsAnewStartsNoSecondTaskAlthoughItsViewLacksTheFirst() {
        put("a");
        ecs.holdEvents();
        reconcile();

        restart();
        reconcile();

        assertEquals(List.of("a PENDING"), tasks());
        assertEquals(2, calls("RunTask"));
    }

    @Test
    void aTaskOfWhichTheViewHasMissedBeginningAndEndIsFollowedByTheNext() {
        put("a");
        ecs.holdEvents();
        reconcile();
        ecs.stop(ecs.tasks().get(0).taskArn());
        ecs.dropHeld();
        restart();
        reconcile();
        assertEquals(List.of("a STOPPED"), tasks(), "ECS may not show a young task yet");

        fake.advance(SETTLED.plusSeconds(1));
        restart();
        reconcile();

        assertEquals(List.of("a STOPPED", "a PENDING"), tasks());
    }

    @Test
    void aTaskThatHasEndedIsFollowedAfterAPause() {
        put("a");
        reconcile();
        ecs.stop(ecs.tasks().get(0).taskArn(), "Essential container in task exited", 1);

        reconcile();
        assertEquals(List.of("a STOPPED"), tasks());
        fake.advance(RESTART);
        reconcile();

        assertEquals(List.of("a STOPPED", "a PENDING"), tasks());
    }

    @Test
    void aTaskStopsWhenItsInstanceDrainsAndItsSuccessorWaitsForItsEnd() {
        put("a");
        reconcile();
        String arn = ecs.run(ecs.tasks().get(0).taskArn()).taskArn();
        setStatus("DRAINING");

        reconcile();
        reconcile();
        assertEquals("STOPPED", ecs.tasks().get(0).desiredStatus());
        assertEquals(1, calls("StopTask"));
        setStatus("ACTIVE");
        reconcile();
        assertEquals(1, calls("RunTask"), "it has not ended yet");
        ecs.stop(arn);
        fake.advance(RESTART);
        reconcile();

        assertEquals(List.of("a STOPPED", "a PENDING"), tasks());
    }

    @Test
    void aTaskOnAnInstanceThatDoesNotMatchStops() {
        fake.put(instance("a").attribute("ecs.os-type", "windows"));
        start("logs/a");

        reconcile();

        assertEquals("STOPPED", ecs.tasks().get(0).desiredStatus());
    }

    @Test
    void ofSeveralTheNewestStaysAndTasksOfOthersAreLeftAlone() {
        put("a");
        start("logs/a");
        fake.advance(Duration.ofSeconds(1));
        start("logs/a");
        start("logs2/a");

        reconcile();

        assertEquals(
                List.of("STOPPED", "RUNNING", "RUNNING"),
                ecs.tasks().stream().map(Task::desiredStatus).toList());
        assertEquals(0, calls("RunTask"));
    }

    @Test
    void aFullInstanceIsAskedWhenItHasRoom() {
        fake.put(instance("a")
                .attribute("ecs.os-type", "linux")
                .of(cpu(2048), memory(4096))
                .free(cpu(64), memory(64)));
        reconcile();
        assertEquals(0, calls("RunTask"));

        fake.put(instance("a")
                .attribute("ecs.os-type", "linux")
                .of(cpu(2048), memory(4096))
                .version(9));
        reconcile();

        assertEquals(List.of("a PENDING"), tasks());
    }

    @Test
    void aRefusedStartLeavesNoReservationAndIsTriedAgain() {
        put("a");
        ecs.refuseNext("RunTask", "RESOURCE:MEMORY");

        reconcile();
        assertEquals(List.of(), tasks());
        assertEquals(List.of(), mine.open());
        reconcile();

        assertEquals(List.of("a PENDING"), tasks());
    }

    private void put(String id) {
        fake.put(instance(id).attribute("ecs.os-type", "linux"));
    }

    private void start(String mark) {
        client.startTask(request ->
                request.taskDefinition("logs").containerInstances("a").startedBy(mark));
    }

    private void setStatus(String status) {
        client.updateContainerInstancesState(
                request -> request.containerInstances(instanceArn("a")).status(status));
    }

    private List<String> tasks() {
        return ecs.tasks().stream()
                .map(task -> EcsArn.nameOf(task.containerInstanceArn()) + " " + task.lastStatus())
                .toList();
    }

    private int calls(String operation) {
        return ecs.calls().getOrDefault(operation, 0);
    }
}
