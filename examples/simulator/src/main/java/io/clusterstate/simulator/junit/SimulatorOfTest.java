package io.clusterstate.simulator.junit;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A started simulator, which JUnit's store closes at the end of its test or class. */
@SuppressWarnings("deprecation") // stores close any AutoCloseable since JUnit 5.13, and hosts may have an earlier one
final class SimulatorOfTest implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Simulator simulator;

    SimulatorOfTest(SimulatedEcs settings) {
        simulator = build(settings);
        simulator.start();
        if (settings.live()) {
            simulator.drive(settings.rate());
        }
    }

    Simulator simulator() {
        return simulator;
    }

    @Override
    public void close() {
        simulator.close();
    }

    private static Simulator build(SimulatedEcs settings) {
        var faults = EnumSet.noneOf(Fault.class);
        faults.addAll(List.of(settings.faults()));
        var builder = Simulator.builder()
                .clusters(settings.clusters())
                .tasks(settings.tasks())
                .seed(settings.seed())
                .faults(faults);
        if (settings.instancesPerCluster() != -1) {
            builder.instancesPerCluster(settings.instancesPerCluster());
        }
        checkRate(settings);
        return settings.live() ? builder.build() : builder.standingClock(START).build();
    }

    private static void checkRate(SimulatedEcs settings) {
        if (settings.live() && !(settings.rate() >= 0)) {
            throw new IllegalArgumentException("rate: " + settings.rate() + " (expected: zero or more)");
        }
        if (!settings.live() && settings.rate() != 0) {
            throw new IllegalArgumentException(
                    "rate: " + settings.rate() + " (expected: 0, or live = true so that time passes)");
        }
    }
}
