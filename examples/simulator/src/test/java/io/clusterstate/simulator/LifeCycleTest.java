package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    @Test
    void closingDoesNotWaitForALongPoll() throws Exception {
        var simulator = Simulator.builder().build();
        simulator.start();
        try (var clients = new Clients(simulator)) {
            var sqs = clients.sqs();
            var url = simulator.queueUrl();
            var answer = new FutureTask<>(
                    () -> sqs.receiveMessage(it -> it.queueUrl(url).waitTimeSeconds(20)));
            var poll = new Thread(answer);
            poll.start();
            Await.until("the poll waits", () -> poll.getState() == Thread.State.RUNNABLE);
            long began = System.nanoTime();

            simulator.close();

            assertTrue(System.nanoTime() - began < Duration.ofSeconds(15).toNanos());
            assertThrows(ExecutionException.class, () -> answer.get(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void ecsWorksWithoutTheQueue() {
        try (var simulator = Simulator.builder().withoutSqs().build();
                var clients = new Clients(simulator)) {
            simulator.start();
            simulator.step();

            assertEquals(2, clients.ecs().listClusters().clusterArns().size());
            assertEquals(0, simulator.settle(Duration.ofMinutes(1)));
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
        for (int attempt = 1; !arePortsChosen(); attempt++) {
            assertTrue(attempt < 5, "each time somebody else has taken a port");
        }
    }

    /** False if somebody else took a port after the first simulator had closed it. */
    private static boolean arePortsChosen() {
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
            return true;
        } catch (RuntimeException e) {
            if (isAboutATakenPort(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isAboutATakenPort(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(each -> each instanceof BindException);
    }

    @Test
    void drivingKeepsItsRateOnAverage() {
        try (var simulator = Simulator.builder()
                .tasks(2_000)
                .timePerStatus(Duration.ofMillis(50))
                .withoutEcs()
                .build()) {
            simulator.start();
            long before = simulator.truth().events().emitted();
            long began = System.nanoTime();
            simulator.drive(400);
            Await.until("two thousand events", () -> simulator.truth().events().emitted() > before + 2_000);
            double seconds = (System.nanoTime() - began) / 1e9;

            assertTrue(seconds > 3 && seconds < 30, "2000 events at 400/s took s: " + seconds);
        }
    }

    @Test
    void pauseHoldsTasksOnTheirLaddersAndDrivingGoesOn() {
        try (var simulator = Simulator.builder().build();
                var clients = new Clients(simulator)) {
            simulator.start();
            simulator.drive(300);
            Await.until("events", () -> simulator.truth().events().emitted() > 100);
            simulator.settle(Duration.ofMinutes(1));
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
