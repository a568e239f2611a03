package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.model.Message;

/** Time that passes only when a test says so, and the simulator's own clients. */
class AdvanceTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private Simulator simulator = started(builder());

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void tasksTakeEachStepAtItsOwnMoment() {
        var arn = runTask();
        assertEquals("PROVISIONING", task(arn).lastStatus());
        assertEquals(START, simulator.clock().instant());

        simulator.advance(Duration.ofMinutes(1));

        assertEquals(START.plus(Duration.ofMinutes(1)), simulator.clock().instant());
        assertEquals("RUNNING", task(arn).lastStatus());
        assertEquals(START, task(arn).createdAt());
        var started = Duration.between(START, task(arn).startedAt());
        var longestPath = Duration.ofSeconds(3);
        assertTrue(started.toMillis() > 0 && started.compareTo(longestPath) <= 0, started::toString);
    }

    @Test
    void manySmallStepsAndALargeOneHaveEqualEnds() {
        runTask();
        for (int i = 0; i < 100; i++) {
            simulator.advance(Duration.ofMillis(100));
        }
        var small = simulator.truth();
        simulator.close();
        simulator = started(builder());
        runTask();

        simulator.advance(Duration.ofSeconds(10));

        assertEquals(small, simulator.truth());
    }

    @Test
    void theQueueHasAllEventsThatAreDue() {
        runTask();

        simulator.advance(Duration.ofMinutes(1));

        assertEquals(
                simulator.truth().events().emitted(), simulator.truth().events().sent());
        var statuses = received().stream()
                .map(message -> Event.parse(message.body()))
                .filter(Event::isOfTask)
                .map(Event::status)
                .toList();
        assertEquals(List.of("PROVISIONING", "PENDING", "RUNNING"), statuses);
    }

    @Test
    void heldEventsComeWhenTheyAreDue() {
        simulator.faults().use(EnumSet.of(Fault.DELAY));
        for (int i = 0; i < 200; i++) {
            simulator.step();
        }
        simulator.advance(Duration.ZERO);
        assertTrue(
                simulator.truth().events().sent() < simulator.truth().events().emitted());

        simulator.advance(Duration.ofMinutes(1));

        assertEquals(
                simulator.truth().events().emitted(), simulator.truth().events().sent());
    }

    @Test
    void stoppedTasksAreForgottenAfterAnHour() {
        var arn = runTask();
        simulator.ecsClient().stopTask(it -> it.task(arn));
        simulator.advance(Duration.ofMinutes(59));
        assertEquals("STOPPED", task(arn).lastStatus());

        simulator.advance(Duration.ofMinutes(2));

        assertEquals(
                "MISSING",
                simulator
                        .ecsClient()
                        .describeTasks(it -> it.tasks(arn))
                        .failures()
                        .get(0)
                        .reason());
    }

    @Test
    void withoutServersTimePassesToo() {
        try (var silent = builder().build()) {
            silent.advance(Duration.ofSeconds(5));
            assertEquals(START.plusSeconds(5), silent.truth().at());
        }
    }

    @Test
    void aTimeBackwardsAndAClockThatRunsAreRefusedInWords() {
        assertMessage(
                "time: PT-1S (expected: zero or more, up to 3650 days)",
                () -> simulator.advance(Duration.ofSeconds(-1)));
        assertMessage(
                "drive: the clock stands (expected: step and advance, or another clock)", () -> simulator.drive(1));
        try (var running = Simulator.builder().build()) {
            assertMessage(
                    "advance: the clock runs by itself (expected: a builder's standingClock)",
                    () -> running.advance(Duration.ofSeconds(1)));
        }
    }

    @Test
    void clientsEndWithTheirSimulator() {
        var ecs = simulator.ecsClient();
        assertEquals(ecs, simulator.ecsClient());
        assertTrue(ecs.listClusters().clusterArns().get(0).startsWith("arn:aws:ecs:eu-west-1:"));

        simulator.close();

        assertThrows(IllegalStateException.class, ecs::listClusters);
        assertMessage(
                "ecsClient: none (expected: a started simulator with this part, not closed)", simulator::ecsClient);
        assertThrows(IllegalStateException.class, simulator::sqsClient);
    }

    private static SimulatorBuilder builder() {
        return Simulator.builder()
                .clusters(1)
                .tasks(0)
                .instancesPerCluster(1)
                .region("eu-west-1")
                .standingClock(START);
    }

    @Test
    void aTimeBeyondTheCalendarIsRefusedInWords() {
        var forever = Duration.ofSeconds(Long.MAX_VALUE);
        assertMessage(
                "time: " + forever + " (expected: zero or more, up to 3650 days)", () -> simulator.advance(forever));
    }

    private static Simulator started(SimulatorBuilder builder) {
        var simulator = builder.build();
        simulator.start();
        return simulator;
    }

    private String runTask() {
        return simulator
                .ecsClient()
                .runTask(it -> it.taskDefinition("api").clientToken("token"))
                .tasks()
                .get(0)
                .taskArn();
    }

    private Task task(String arn) {
        return simulator.ecsClient().describeTasks(it -> it.tasks(arn)).tasks().get(0);
    }

    private List<Message> received() {
        return simulator
                .sqsClient()
                .receiveMessage(it -> it.queueUrl(simulator.queueUrl()).maxNumberOfMessages(10))
                .messages();
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(RuntimeException.class, action::run).getMessage());
    }
}
