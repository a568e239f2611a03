package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
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
        long sent = simulator.settle(Duration.ofSeconds(10));

        simulator.faults().sqsOutage(false);

        assertTrue(sent > 0);
        assertEquals(url, simulator.queueUrl());
        assertEquals(sent, clients.events().size());
    }

    @Test
    void aLongPollIsCutByAnOutageOfSqs() throws Exception {
        var sqs = clients.sqs();
        var poll = new Thread(() -> assertThrows(
                SdkException.class,
                () -> sqs.receiveMessage(it -> it.queueUrl(simulator.queueUrl()).waitTimeSeconds(20))));
        poll.start();
        long began = System.nanoTime();
        Await.until("the poll waits for its answer", () -> isReading(poll));

        simulator.faults().sqsOutage(true);
        poll.join(Duration.ofSeconds(10).toMillis());

        assertFalse(poll.isAlive());
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
    }

    /** Whether a thread has sent its request: before that, an outage would refuse the connection and cut nothing. */
    private static boolean isReading(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("SessionInputBuffer"));
    }
}
