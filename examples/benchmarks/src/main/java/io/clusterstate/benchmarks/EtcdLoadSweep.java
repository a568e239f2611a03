package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** A program that fills an etcd with tasks, starts readers one after the other, and prints the cost of a task. */
final class EtcdLoadSweep {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final LoadedEtcd etcd;
    private final int size;

    private EtcdLoadSweep(LoadedEtcd etcd, int size) {
        this.etcd = etcd;
        this.size = size;
    }

    /** Takes the number of tasks. */
    public static void main(String[] args) {
        GrowthProgram.run(() -> measure(Integer.parseInt(args[0])));
    }

    private static void measure(int size) throws IOException, InterruptedException {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        try (LoadedEtcd etcd = LoadedEtcd.start(samples, size)) {
            EtcdLoadSweep sweep = new EtcdLoadSweep(etcd, size);
            new Repetitions(GrowthJob.ETCD_LOAD, size)
                    .add("until the reader is ready", () -> sweep.load(System::nanoTime))
                    .add("processor time of the reader", () -> sweep.load(FreshJvm::cpu))
                    .print();
        }
    }

    private double load(LongSupplier meter) {
        long begun = meter.getAsLong();
        try (EtcdStateReader reader = EtcdStateReader.of(Etcd.at(etcd.endpoint()))) {
            reader.start();
            reader.view().awaitReady(LIMIT);
            double cost = (double) (meter.getAsLong() - begun) / size;
            if (reader.view().snapshot().tasks().count() != size) {
                throw new IllegalStateException("tasks: " + reader.view().snapshot() + " (expected: all of them)");
            }
            return cost;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("reader: not ready (expected: ready within " + LIMIT + ")", e);
        }
    }
}
