package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClusterMirrorBuilderTest {

    private final ClusterMirrorBuilder builder = ClusterMirror.builder();

    @Test
    void namesThePartThatIsMissing() {
        assertEquals(
                "ecs: not given (expected: one, before build)",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        builder.ecs(new software.amazon.awssdk.services.ecs.EcsClient() {
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
}
