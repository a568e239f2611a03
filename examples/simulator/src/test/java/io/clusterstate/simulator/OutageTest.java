package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;

class OutageTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().seed(9).clock(clock).clusters(1).tasks(90).build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void anOutageOfEcsEndsWhenItIsEnded() {
        simulator.faults().ecsOutage(true);
        var error = assertThrows(EcsException.class, () -> ecs.listClusters());
        simulator.faults().ecsOutage(false);

        assertEquals(503, error.statusCode());
        assertEquals(1, ecs.listClusters().clusterArns().size());
    }

    @Test
    void duringAnOutageOfSqsEventsGatherAndTheAddressStays() {
        var sqs = clients.sqs();
        var url = simulator.queueUrl();
        simulator.faults().sqsOutage(true);
        assertThrows(SdkException.class, () -> sqs.receiveMessage(it -> it.queueUrl(url)));
        SimulatedTime.steps(simulator, clock, 20);
        long sent = simulator.settle(Duration.ofMinutes(1));

        simulator.faults().sqsOutage(false);

        assertTrue(sent > 0);
        assertEquals(url, simulator.queueUrl());
        assertEquals(sent, clients.events().size());
    }

    @Test
    void aLongPollIsCutByAnOutageOfSqs() throws Exception {
        var sqs = clients.sqs();
        var answer = new FutureTask<>(
                () -> sqs.receiveMessage(it -> it.queueUrl(simulator.queueUrl()).waitTimeSeconds(20)));
        var poll = new Thread(answer);
        poll.start();
        Await.until("the poll waits for its answer", () -> isReading(poll));

        simulator.faults().sqsOutage(true);

        var cut = assertThrows(ExecutionException.class, () -> answer.get(1, TimeUnit.MINUTES));
        assertInstanceOf(SdkException.class, cut.getCause(), "a poll that is not cut ends with an empty answer");
    }

    /** Whether a thread has sent its request: before that, an outage would refuse the connection and cut nothing. */
    private static boolean isReading(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("SessionInputBuffer"));
    }
}
