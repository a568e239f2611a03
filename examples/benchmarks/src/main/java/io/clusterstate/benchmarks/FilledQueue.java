package io.clusterstate.benchmarks;

import io.clusterstate.simulator.Simulator;
import java.time.Duration;

/** A simulated ECS whose events wait in a queue until somebody receives them. */
final class FilledQueue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int TASKS = 2_000;
    /** The time between two events of a task, so that those of other tasks lie between them in the queue. */
    private static final Duration TIME_PER_STATUS = Duration.ofMillis(100);

    private final Simulator simulator = Simulator.builder()
            .region(SampleIds.REGION)
            .clusters(1)
            .tasks(TASKS)
            .timePerStatus(TIME_PER_STATUS)
            .build();
    private long sent;

    FilledQueue() {
        simulator.start();
        sent = simulator.settle(PATIENCE);
    }

    /** Changes the simulated clusters until at least this many more events wait, and returns their number. */
    long fill(int events) {
        long before = sent;
        while (sent < before + events) {
            for (int i = 0; i < events / 20; i++) {
                simulator.step();
            }
            sent = simulator.settle(PATIENCE);
        }
        return sent - before;
    }

    String ecs() {
        return simulator.ecsEndpoint().toString();
    }

    String sqs() {
        return simulator.sqsEndpoint().toString();
    }

    String url() {
        return simulator.queueUrl();
    }

    @Override
    public void close() {
        simulator.close();
    }
}
