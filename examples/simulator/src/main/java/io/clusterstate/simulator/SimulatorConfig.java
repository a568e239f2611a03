package io.clusterstate.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;

/** The settings of a simulator. */
record SimulatorConfig(
        long seed,
        InstantSource clock,
        int clusters,
        int tasks,
        OptionalInt instancesPerCluster,
        OptionalInt definitions,
        List<String> capacityProviders,
        String queueName,
        List<String> furtherQueues,
        String region,
        String account,
        double shortArnShare,
        Duration timePerStatus,
        Duration endedKept,
        boolean withEcs,
        boolean withSqs,
        int ecsPort,
        int sqsPort) {
    SimulatorConfig {
        capacityProviders = List.copyOf(capacityProviders);
        furtherQueues = List.copyOf(furtherQueues);
    }
}
