package io.clusterstate.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;

/** The settings of a simulator. */
record SimulatorConfig(
        long seed,
        InstantSource clock,
        int clusters,
        int tasks,
        OptionalInt instancesPerCluster,
        OptionalInt definitions,
        String queueName,
        String region,
        String account,
        double shortArnShare,
        Duration ladderPace,
        Duration endedKept,
        boolean withEcs,
        boolean withSqs,
        int ecsPort,
        int sqsPort) {}
