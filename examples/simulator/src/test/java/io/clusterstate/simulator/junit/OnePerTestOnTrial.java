package io.clusterstate.simulator.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Has one simulator for each test, wherever it asks for it. */
@SimulatedEcs(clusters = 3, tasks = 20, seed = 7, faults = Fault.DUPLICATES)
class OnePerTestOnTrial {
    static final Set<Simulator> GIVEN = ConcurrentHashMap.newKeySet();

    private final Simulator ofConstructor;
    private EcsClient ofBeforeEach;

    OnePerTestOnTrial(Simulator simulator) {
        this.ofConstructor = simulator;
    }

    @BeforeEach
    void ask(EcsClient ecs) {
        ofBeforeEach = ecs;
    }

    @Test
    void first(Simulator simulator, SqsClient sqs) {
        assertIsOne(simulator);
        assertSame(sqs, simulator.sqsClient());
        assertEquals(3, ofBeforeEach.listClusters().clusterArns().size());
        assertEquals(20, simulator.truth().tasks().size());
        assertEquals(Set.of(Fault.DUPLICATES), simulator.faults().inUse());
    }

    @Test
    void second(Simulator simulator) {
        assertIsOne(simulator);
    }

    @Test
    @SimulatedEcs(clusters = 1, tasks = 0, instancesPerCluster = 4)
    void ofItsOwn(Simulator simulator) {
        assertIsOne(simulator);
        assertEquals(4, simulator.truth().instances().size());
    }

    @AfterEach
    void isStillOpen(Simulator simulator) {
        simulator.ecsEndpoint();
    }

    private void assertIsOne(Simulator simulator) {
        assertSame(ofConstructor, simulator);
        assertSame(ofBeforeEach, simulator.ecsClient());
        assertTrue(GIVEN.add(simulator));
    }

    @Nested
    class Inner {
        @Test
        void ofTheClassAround(Simulator simulator) {
            assertIsOne(simulator);
            assertEquals(3, simulator.truth().clusters().size());
        }
    }
}
