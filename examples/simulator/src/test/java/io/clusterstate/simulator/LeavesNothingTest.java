package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A simulator leaves no thread in the JVM, and no warning in the log. */
@Isolated("compares all threads of the JVM, and reads its whole log")
class LeavesNothingTest {
    @Test
    void buildingStartsNothing() {
        var before = threads();

        try (var simulator = Simulator.builder().build()) {
            assertEquals(Set.of(), ownThreads(before));
            assertThrows(IllegalStateException.class, simulator::ecsEndpoint);
            assertThrows(IllegalStateException.class, simulator::sqsEndpoint);
            assertThrows(IllegalStateException.class, () -> simulator.settle(Duration.ofSeconds(1)));
        }
    }

    @Test
    void closingLeavesNoThread() {
        var before = threads();
        var simulator = Simulator.builder().build();
        simulator.start();
        simulator.drive(200);
        try (var clients = new Clients(simulator)) {
            clients.ecs().listClusters();
            simulator.ecsClient().listClusters();
            simulator.sqsClient().listQueues();
            clients.sqs().receiveMessage(it -> it.queueUrl(simulator.queueUrl()));
            Await.until("events are sent", () -> simulator.truth().events().sent() > 20);
        }

        simulator.close();
        simulator.close();

        Await.until("no thread of the simulator is left: " + ownThreads(before), () -> ownThreads(before)
                .isEmpty());
        assertThrows(IllegalStateException.class, simulator::ecsEndpoint);
        assertThrows(IllegalStateException.class, simulator::start);
        assertThrows(IllegalStateException.class, () -> simulator.drive(1));
    }

    @Test
    void aTakenPortFailsTheStartAndLeavesNothing() {
        try (var first = Simulator.builder().withoutSqs().build()) {
            first.start();
            var before = threads();
            var second =
                    Simulator.builder().ecsPort(first.ecsEndpoint().getPort()).build();

            assertThrows(RuntimeException.class, second::start);

            Await.until("no thread is left", () -> ownThreads(before).isEmpty());
            assertThrows(IllegalStateException.class, second::sqsEndpoint);
        }
    }

    @Test
    void aRunWithoutFaultsLogsNoWarning() {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        root.addAppender(heard);
        try (var simulator = Simulator.builder().build();
                var clients = new Clients(simulator)) {
            simulator.start();
            SimulatedTime.steps(simulator, new TurnableClock(), 10);
            clients.ecs().listClusters();
            clients.events();
        }
        root.detachAppender(heard);

        assertEquals(
                List.of(),
                List.copyOf(heard.list).stream()
                        .filter(it -> it.getLevel().isGreaterOrEqual(Level.WARN))
                        .map(Object::toString)
                        .toList());
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static Set<Thread> ownThreads(Set<Thread> before) {
        var own = threads();
        own.removeAll(before);
        own.removeIf(it -> !it.isAlive() || it.getName().startsWith("idle-connection-reaper"));
        return own;
    }
}
