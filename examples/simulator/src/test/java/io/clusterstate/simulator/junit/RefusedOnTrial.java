package io.clusterstate.simulator.junit;

import io.clusterstate.simulator.Simulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Has settings that make no simulator. */
class RefusedOnTrial {
    @Test
    @SimulatedEcs(clusters = 0)
    void clusters(Simulator simulator) {}

    @Test
    @SimulatedEcs(instancesPerCluster = -2)
    void instances(Simulator simulator) {}

    @Test
    @SimulatedEcs(rate = 20)
    void rateOfStandingTime(Simulator simulator) {}

    @Test
    @SimulatedEcs(live = true, rate = -1)
    void rateOfLiveTime(Simulator simulator) {}

    @Test
    @SimulatedEcs(perClass = true)
    void perClass(Simulator simulator) {}

    @SimulatedEcs
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OfNoTest {
        OfNoTest(Simulator simulator) {}

        @Test
        void runs() {}
    }
}
