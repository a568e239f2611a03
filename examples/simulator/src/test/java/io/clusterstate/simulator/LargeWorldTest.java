package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;

class LargeWorldTest {
    private static final int TASKS = 100_000;

    @Test
    void aHundredThousandTasksAreBuiltListedAndDriven() {
        try (var simulator =
                        Simulator.builder().seed(42).clusters(3).tasks(TASKS).build();
                var clients = new Clients(simulator)) {
            simulator.start();
            var ecs = clients.ecs();
            var seen = new HashSet<String>();
            for (var cluster : ecs.listClusters().clusterArns()) {
                ecs.listTasksPaginator(it -> it.cluster(cluster)).taskArns().forEach(seen::add);
            }
            simulator.drive(2_000);
            Await.until("events", () -> simulator.truth().events().sent() > 2_000);
            simulator.settle(Duration.ofMinutes(1));

            assertEquals(TASKS, seen.size());
            var tasks = simulator.truth().tasks();
            assertTrue(tasks.size() >= TASKS);
            long onFargate = tasks.stream()
                    .filter(it -> it.launchType() == LaunchType.FARGATE)
                    .count();
            assertTrue(onFargate > TASKS / 5 && onFargate < TASKS * 4 / 5, "on Fargate: " + onFargate);
        }
    }

    @Test
    void aShareOfArnsIsShort() {
        try (var simulator = Simulator.builder().tasks(1_000).shortArnShare(0.3).build()) {
            long brief = simulator.truth().tasks().stream()
                    .filter(it -> it.taskArn().matches("arn:aws:ecs:us-east-1:123456789012:task/[0-9a-f-]{36}"))
                    .count();
            long full = simulator.truth().tasks().stream()
                    .filter(it -> it.taskArn().matches("arn:aws:ecs:us-east-1:123456789012:task/[^/]+/[0-9a-f]{32}"))
                    .count();

            assertEquals(1_000, brief + full);
            assertTrue(brief > 200 && brief < 400, "short: " + brief);
        }
    }

    @Test
    void aGivenNumberOfInstancesIsKept() {
        try (var simulator = Simulator.builder()
                .clusters(2)
                .tasks(3_000)
                .instancesPerCluster(5)
                .build()) {
            assertEquals(10, simulator.truth().instances().size());
            assertEquals(3_000, simulator.truth().tasks().size());
            assertTrue(simulator.truth().instances().stream().anyMatch(host -> host.registeredResources().stream()
                    .anyMatch(it -> it.name().equals("GPU"))));
        }
    }
}
