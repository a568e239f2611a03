package io.clusterstate.simulator;

import java.time.Duration;

/** Moves a simulator forward by turning its clock. */
final class SimulatedTime {
    private SimulatedTime() {}

    /** Takes steps, a tenth of a second apart. */
    static void steps(Simulator simulator, TurnableClock clock, int count) {
        for (int i = 0; i < count; i++) {
            simulator.step();
            clock.turn(Duration.ofMillis(100));
        }
    }

    /** Lets every task reach the end of its status path. */
    static void comeToRest(Simulator simulator, TurnableClock clock) {
        for (int i = 0; i < 60; i++) {
            clock.turn(Duration.ofSeconds(1));
            simulator.tick();
        }
    }
}
