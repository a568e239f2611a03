package io.clusterstate.simulator.junit;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.simulator.Simulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Has one simulator for all tests. */
@SimulatedEcs(tasks = 0, perClass = true)
class OnePerClassOnTrial {
    static Simulator given;

    @BeforeAll
    static void ask(Simulator simulator) {
        given = simulator;
    }

    @Test
    void first(Simulator simulator) {
        assertSame(given, simulator);
    }

    @Test
    void second(EcsClient ecs) {
        assertSame(given.ecsClient(), ecs);
    }

    @AfterAll
    static void isStillOpen(Simulator simulator) {
        assertSame(given, simulator);
        simulator.ecsEndpoint();
    }

    @Nested
    class Inner {
        @Test
        void third(Simulator simulator) {
            assertSame(given, simulator);
        }
    }
}
