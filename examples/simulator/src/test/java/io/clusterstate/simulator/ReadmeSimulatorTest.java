package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The regions of the simulator's README. */
class ReadmeSimulatorTest {
    @Test
    void theRecipeRuns() {
        // region: simulator
        SimulatorBuilder builder =
                Simulator.builder().seed(42).clusters(3).tasks(1_000).standingClock(Instant.EPOCH);
        try (Simulator simulator = builder.build()) {
            simulator.start();
            EcsClient ecs = simulator.ecsClient(); // or a client of yours at simulator.ecsEndpoint()
            simulator.faults().use(Fault.parse("duplicates, reorder"));
            simulator.step(); // a random change, such as a deployment or a crash
            simulator.advance(Duration.ofMinutes(5)); // all of its steps, at once
            Truth truth = simulator.truth(); // the true state, in the SDK's own types
            assertEquals(
                    truth.clusters().size(), ecs.listClusters().clusterArns().size());
        }
        // end: simulator
    }

    @Test
    void theAdvanceIsNotEmpty() {
        try (Simulator simulator =
                Simulator.builder().standingClock(Instant.EPOCH).build()) {
            simulator.step();
            simulator.advance(Duration.ofMinutes(5));
            assertTrue(simulator.truth().events().emitted() > 0);
        }
    }
}
