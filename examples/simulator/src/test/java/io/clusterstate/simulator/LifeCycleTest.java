package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    @Test
    void closingDoesNotWaitForALongPoll() throws Exception {
        var simulator = Simulator.builder().build();
        simulator.start();
        try (var clients = new Clients(simulator)) {
            var sqs = clients.sqs();
            var url = simulator.queueUrl();
            var poll = new Thread(() -> assertThrows(
                    RuntimeException.class,
                    () -> sqs.receiveMessage(it -> it.queueUrl(url).waitTimeSeconds(20))));
            poll.start();
            Await.until("the poll waits", () -> poll.getState() == Thread.State.RUNNABLE);
            long began = System.nanoTime();

            simulator.close();
            poll.join(Duration.ofSeconds(5).toMillis());

            assertFalse(poll.isAlive());
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(15).toNanos());
        }
    }

    @Test
    void ecsWorksWithoutTheQueue() {
        try (var simulator = Simulator.builder().withoutSqs().build();
                var clients = new Clients(simulator)) {
            simulator.start();
            simulator.step();

            assertEquals(2, clients.ecs().listClusters().clusterArns().size());
            assertEquals(0, simulator.settle(Duration.ofSeconds(1)));
            assertTrue(simulator.truth().events().emitted() > 0);
            assertThrows(IllegalStateException.class, simulator::queueUrl);
        }
    }

    @Test
    void theQueueWorksWithoutEcs() {
        try (var simulator = Simulator.builder().withoutEcs().queueName("mine").build();
                var clients = new Clients(simulator)) {
            simulator.start();
            simulator.step();

            assertFalse(clients.events().isEmpty());
            assertEquals(
                    simulator.queueUrl(),
                    clients.sqs().getQueueUrl(it -> it.queueName("mine")).queueUrl());
            assertThrows(IllegalStateException.class, simulator::ecsEndpoint);
        }
    }

    @Test
    void portsCanBeChosen() {
        int ecsPort;
        int sqsPort;
        try (var first = Simulator.builder().build()) {
            first.start();
            ecsPort = first.ecsEndpoint().getPort();
            sqsPort = first.sqsEndpoint().getPort();
        }

        try (var second = Simulator.builder().ecsPort(ecsPort).sqsPort(sqsPort).build()) {
            second.start();

            assertEquals(ecsPort, second.ecsEndpoint().getPort());
            assertEquals(sqsPort, second.sqsEndpoint().getPort());
        }
    }

    @Test
    void drivingKeepsItsRateOnAverage() {
        try (var simulator = Simulator.builder()
                .tasks(2_000)
                .timePerStatus(Duration.ofMillis(50))
                .withoutEcs()
                .build()) {
            simulator.start();
            simulator.drive(400);
            Await.until("a thousand events", () -> simulator.truth().events().emitted() > 1_000);
            long began = System.nanoTime();
            long before = simulator.truth().events().emitted();
            Await.until("twelve hundred more", () -> simulator.truth().events().emitted() > before + 1_200);
            double seconds = (System.nanoTime() - began) / 1e9;

            assertTrue(seconds > 1.5 && seconds < 15, "1200 events at 400/s took s: " + seconds);
        }
    }

    @Test
    void pauseHoldsTasksOnTheirLaddersAndDrivingGoesOn() {
        try (var simulator = Simulator.builder().build();
                var clients = new Clients(simulator)) {
            simulator.start();
            simulator.drive(300);
            Await.until("events", () -> simulator.truth().events().emitted() > 100);
            simulator.settle(Duration.ofSeconds(10));
            var settled = simulator.truth();
            assertEquals(settled.tasks(), simulator.truth().tasks());
            assertEquals(settled.events().emitted(), clients.events().size());

            simulator.drive(0);

            Await.until("everything comes to rest", () -> simulator.truth().tasks().stream()
                    .allMatch(it -> Set.of("RUNNING", "STOPPED").contains(it.lastStatus())
                            && it.lastStatus().equals(it.desiredStatus())));
        }
    }
}
