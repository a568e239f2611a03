package io.clusterstate.examples.daemonscheduler;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Expectations;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.expect.OpenExpectations;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.FakeEcs;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

/** The decisions, one by one, on a fake. */
class DaemonReconcilerTest {

    private static final Daemon LOGS = new Daemon("logs", "default", "logs:1", "attribute:ecs.os-type == linux");
    private static final Duration RESTART = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
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
        restart(client);
    }

    private void restart(EcsClient client) {
        mine = new OpenExpectations(
                fake.view(), fake.clock(), () -> fake.clock().instant().toEpochMilli() * 1_000_000, () -> {}, false);
        Pauses pauses = new Pauses(fake.clock(), new Random(1));
        Starts starts = new Starts(LOGS, client, mine, new Starts.Pace(RESTART, SETTLED), pauses, fake.clock());
        reconciler = new DaemonReconciler(LOGS, client, mine, starts, pauses);
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
        fake.advance(FIRST_PAUSE);
        reconcile();
        assertEquals(List.of("a PENDING"), tasks());
        assertEquals(2, calls("RunTask"));
        ecs.deliver();

        put("b");
        ecs.loseCall("RunTask");
        reconcile();
        assertEquals(List.of("a PENDING"), tasks());
        fake.advance(FIRST_PAUSE);
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
        fake.advance(FIRST_PAUSE);
        reconcile();

        assertEquals(List.of("a PENDING"), tasks());
    }

    @Test
    void aStartThatIsRefusedAgainAndAgainIsTriedEverMoreSeldom() {
        put("a");
        Collections.nCopies(100, "RESOURCE:PORTS").forEach(reason -> ecs.refuseNext("RunTask", reason));
        List<Integer> calls = new ArrayList<>(List.of(0));

        for (int minute = 0; minute < 20; minute++) {
            for (int second = 0; second < 60; second++) {
                reconcile();
                fake.advance(Duration.ofSeconds(1));
            }
            calls.add(calls("RunTask"));
        }

        assertTrue(calls.get(1) >= 6 && calls.get(1) <= 9, calls::toString);
        for (int minute = 2; minute <= 20; minute++) {
            int more = calls.get(minute) - calls.get(minute - 1);
            assertTrue(more <= 2, calls::toString);
        }
        assertTrue(calls.get(20) >= 20, calls::toString);
    }

    @Test
    void aChangeOfAnInstanceEndsItsPauseAndNoOther() {
        put("a");
        put("b");
        ecs.refuseNext("RunTask", "RESOURCE:PORTS");
        reconcile();
        assertEquals(List.of("b PENDING"), tasks());
        reconcile();
        assertEquals(2, calls("RunTask"));

        put("c");
        reconcile();
        assertEquals(List.of("b PENDING", "c PENDING"), tasks());
        put("a");
        reconcile();

        assertEquals(List.of("b PENDING", "c PENDING", "a PENDING"), tasks());
    }

    @Test
    void aRefusalOfTheRightsOrTheDefinitionPausesEveryStart() {
        List.of("a", "b", "c").forEach(this::put);
        EcsException refusal = (EcsException)
                ClientException.builder().statusCode(400).message("no rights").build();
        ecs.failNext("RunTask", refusal);
        ecs.failNext("RunTask", refusal);

        reconcile();
        reconcile();
        assertEquals(1, calls("RunTask"));
        fake.advance(FIRST_PAUSE);
        reconcile();
        reconcile();
        assertEquals(2, calls("RunTask"));
        fake.advance(FIRST_PAUSE.multipliedBy(2));
        reconcile();

        assertEquals(List.of("a PENDING", "b PENDING", "c PENDING"), tasks());
    }

    /** Calls that one instance makes ECS refuse hold up the others, but do not starve them. */
    @Test
    void aRefusalThatConcernsOneInstanceAfterAllLeavesTheOthersTheirTurn() {
        List.of("a", "b", "c").forEach(this::put);
        EcsException refusal = (EcsException)
                ClientException.builder().statusCode(400).message("no rights").build();
        EcsClient real = client;
        EcsClient refusing = (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    if (arguments[0] instanceof RunTaskRequest request
                            && request.startedBy().equals("logs/a")) {
                        throw refusal;
                    }
                    return method.invoke(real, arguments);
                });
        restart(refusing);

        for (int second = 0; second < 300; second++) {
            reconcile();
            fake.advance(Duration.ofSeconds(1));
        }

        assertEquals(List.of("b PENDING", "c PENDING"), tasks());
    }

    @Test
    void anInstanceWithoutAnEc2InstanceIdIsLeftOutUntilItHasOne() {
        fake.put(instance("a").attribute("ecs.os-type", "linux").with(each -> each.ec2InstanceId(null)));
        put("b");

        reconcile();
        assertEquals(List.of("b PENDING"), tasks());
        assertEquals(1, calls("RunTask"));
        put("a");
        reconcile();

        assertEquals(List.of("b PENDING", "a PENDING"), tasks());
    }

    @Test
    void aRefusedStopIsNotRepeatedAtOnce() {
        fake.put(instance("a").attribute("ecs.os-type", "windows"));
        start("logs/a");
        ecs.failNext("StopTask", AccessDeniedException.builder().statusCode(400).build());

        reconcile();
        reconcile();
        assertEquals(1, calls("StopTask"));
        fake.advance(FIRST_PAUSE);
        reconcile();

        assertEquals("STOPPED", ecs.tasks().get(0).desiredStatus());
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
