package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/** Waits for tasks, on a view by hand, where a wait ends at once. */
class TaskWaitTest {

    private static final String A = Entities.taskArn("prod", "a");
    private static final String B = Entities.taskArn("prod", "b");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Watched watched = Watched.byHand();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void allHaveToRun() throws Exception {
        put("b", 1, "RUNNING");
        assertEquals("not all running after PT5S: " + A + ": not seen yet", timeoutOf(() -> running(A, B)));
        put("a", 1, "PENDING");
        assertEquals("not all running after PT5S: " + A + ": PENDING", timeoutOf(() -> running(A, B)));
        put("a", 2, "RUNNING");

        List<Task> tasks = running(B, A);

        assertEquals(List.of(B, A), tasks.stream().map(Task::taskArn).toList(), "in the order of the ARNs");
        assertSame(watched.view.task(A).orElseThrow(), tasks.get(1));
    }

    @Test
    void aStoppedTaskFailsAtOnceWithItsReasons() {
        put("b", 1, "PENDING");
        Task task = Entities.task("prod", "a", changes -> changes.version(2L)
                .lastStatus("STOPPED")
                .stoppedAt(Entities.NOW)
                .stopCode("EssentialContainerExited")
                .stoppedReason("Essential container in task exited")
                .containers(
                        Container.builder()
                                .name("web")
                                .exitCode(137)
                                .reason("OutOfMemoryError")
                                .build(),
                        Container.builder().name("log").build()));
        watched.put(task);

        TaskStoppedException failure = assertThrows(TaskStoppedException.class, () -> running(B, A));

        assertEquals(task, failure.task());
        assertEquals(A, failure.arn());
        assertEquals(
                A + ": STOPPED (expected: RUNNING); stop code EssentialContainerExited, "
                        + "reason: Essential container in task exited; "
                        + "containers: web: exit code 137, OutOfMemoryError, log: no exit code",
                failure.getMessage());
    }

    @Test
    void aTaskThatIsStoppingDoesNotCountAsRunning() {
        watched.put(Entities.task("prod", "a", changes -> changes.desiredStatus("STOPPED")));

        assertEquals("not all running after PT5S: " + A + ": RUNNING, stopping", timeoutOf(() -> running(A)));
    }

    @Test
    void aTaskThatVanishedFailsEveryWaitWithItsLastState() {
        put("a", 1, "RUNNING");
        watched.remove("a");

        WaitFailedException failure = assertThrows(WaitFailedException.class, () -> running(A));

        assertEquals("RUNNING", ((Task) failure.removed().orElseThrow().last().value()).lastStatus());
        assertEquals(
                A + " removed (MISSING at 2026-03-01T12:00:10Z), last seen at version 1"
                        + " (expected: RUNNING; its end was not seen)",
                failure.getMessage());
        assertThrows(WaitFailedException.class, () -> stopped(A));
    }

    @Test
    void theEndOfATaskIsRememberedAfterItsRemoval() throws Exception {
        put("a", 1, "STOPPED");
        watched.remove("a");
        put("b", 1, "RUNNING");

        assertEquals("not all stopped after PT5S: " + B + ": RUNNING", timeoutOf(() -> stopped(A, B)));
        put("b", 2, "STOPPED");
        assertEquals(
                List.of("STOPPED", "STOPPED"),
                stopped(A, B).stream().map(Task::lastStatus).toList());
        assertThrows(TaskStoppedException.class, () -> running(A));
    }

    @Test
    void whatIsNoListOfTasksIsRefusedInWords() {
        String example = "as arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID)";
        assertEquals("taskArns: empty (expected: at least one, " + example, refusalOf());
        assertEquals("taskArns: a (expected: a task's ARN, " + example, refusalOf("a"));
        assertEquals("taskArns: null (expected: a task's ARN, " + example, refusalOf((String) null));
        String service = Entities.serviceArn("prod", "web");
        assertEquals("taskArns: " + service + " (expected: a task's ARN, " + example, refusalOf(A, service));
        assertEquals("taskArns: " + A + " twice (expected: each ARN once)", refusalOf(A, B, A));
        assertThrows(IllegalArgumentException.class, () -> watched.view.whenRunning(List.of("a")));
        assertThrows(IllegalArgumentException.class, () -> watched.view.whenStopped(List.of()));
    }

    @Test
    void aTimeoutNamesFiveTasksAndCountsTheOthers() {
        List<String> arns = IntStream.range(0, 9)
                .mapToObj(i -> Entities.taskArn("prod", "t" + i))
                .toList();

        String message = timeoutOf(() -> watched.view.awaitRunning(arns, LIMIT));

        assertTrue(message.endsWith(arns.get(4) + ": not seen yet, and 4 more"), message);
    }

    private void put(String id, long version, String status) {
        watched.put(Entities.task("prod", id, task -> task.version(version)
                .lastStatus(status)
                .stoppedAt(status.equals("STOPPED") ? Entities.NOW : null)));
    }

    private List<Task> running(String... arns) throws Exception {
        return watched.view.awaitRunning(List.of(arns), LIMIT);
    }

    private List<Task> stopped(String... arns) throws Exception {
        return watched.view.awaitStopped(List.of(arns), LIMIT);
    }

    private String refusalOf(String... arns) {
        return assertThrows(IllegalArgumentException.class, () -> watched.view.awaitRunning(Arrays.asList(arns), LIMIT))
                .getMessage();
    }

    private static String timeoutOf(Executable wait) {
        return assertThrows(TimeoutException.class, wait).getMessage();
    }
}
