package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

class ClusterMirrorBuilderTest {

    private final ClusterMirrorBuilder builder = ClusterMirror.builder();

    @Test
    void namesThePartThatIsMissing() {
        assertEquals(
                "ecs: not given (expected: one, before build)",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        builder.ecs(new EcsClient() {
            @Override
            public String serviceName() {
                return "ecs";
            }

            @Override
            public void close() {}
        });
        assertEquals(
                "events: not given (expected: one, before build)",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        builder.events(new ScriptedSource());
        assertEquals(
                "store: not given (expected: one, before build)",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
    }

    @Test
    void refusesWhatCannotBe() {
        assertEquals(
                "reconcileEvery: PT0.5S (expected: at least a second, at most PT8760H)",
                assertThrows(IllegalArgumentException.class, () -> builder.reconcileEvery(Duration.ofMillis(500)))
                        .getMessage());
        assertEquals(
                "pollers: 0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> builder.pollers(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Clusters.named());
    }

    /** A view that reads from itself would wait for its own first load for ever. */
    @Test
    void refusesTheClientOverAView() {
        try (SimulatorFixture world =
                        new SimulatorFixture(Simulator.builder().clusters(1).tasks(1));
                ClusterMirror mirror = builder.ecs(world.ecs())
                        .events(world.source())
                        .store(new ReferenceStore())
                        .build()) {
            EcsClient client = ViewEcsClient.over(mirror.view(), world.ecs()).build();
            assertEquals(
                    "client: a ViewEcsClient, which answers from a view (expected: a client that asks ECS, such as its"
                            + " delegate)",
                    assertThrows(IllegalArgumentException.class, () -> builder.ecs(client))
                            .getMessage());
        }
    }
}
