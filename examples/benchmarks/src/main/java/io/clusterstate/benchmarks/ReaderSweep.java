package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Upsert;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A program that writes events into etcd beside many readers, and prints the costs. Writer and readers share this JVM
 * and its cores with etcd. Batches at a steady pace give the lag, eight pollers without a pause the rate.
 */
final class ReaderSweep {

    private static final int TASKS = 2_000;
    private static final int ROUNDS = 2;
    private static final int PACED = 40;
    private static final int BATCH = 10;
    private static final int FIRST_PACED = 2_000_000;
    private static final long PACE_NANOS = 50_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private final LoadedEtcd etcd;
    private final List<EtcdStateReader> readers = new ArrayList<>();
    private final double[] lags = new double[ROUNDS];
    private final double[] rates = new double[ROUNDS];
    private final double[] bytes = new double[ROUNDS];
    private int next = FIRST_PACED;

    private ReaderSweep(LoadedEtcd etcd, int count) throws InterruptedException, TimeoutException {
        this.etcd = etcd;
        for (int i = 0; i < count; i++) {
            EtcdStateReader reader = EtcdStateReader.of(Etcd.at(etcd.endpoint()));
            reader.start();
            reader.view().awaitReady(LIMIT);
            readers.add(reader);
        }
    }

    /** Takes the number of readers. */
    public static void main(String[] args) {
        GrowthProgram.run(() -> measure(Integer.parseInt(args[0])));
    }

    private static void measure(int readers) throws IOException, InterruptedException, TimeoutException {
        TaskSamples loaded = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        try (LoadedEtcd etcd = LoadedEtcd.start(loaded, TASKS)) {
            new ReaderSweep(etcd, readers).measure();
        }
    }

    private void measure() throws IOException, InterruptedException, TimeoutException {
        for (int round = -1; round < ROUNDS; round++) {
            int at = Math.max(0, round); // the first round only warms up
            lags[at] = paced();
            burst(at, round + 1);
        }
        print(GrowthJob.READERS_LAG, lags);
        print(GrowthJob.READERS_RATE, rates);
        print(GrowthJob.READERS_EGRESS, bytes);
        readers.forEach(EtcdStateReader::close);
    }

    private void print(GrowthJob job, double[] costs) {
        System.out.println(MeasurementJson.write(new Measurement(job, "css", readers.size(), Spread.of(costs))));
    }

    /** Writes batches at a steady pace, and returns the 99th percentile of the time until the last reader has one. */
    private double paced() throws InterruptedException, TimeoutException {
        Times times = new Times(PACED);
        long due = System.nanoTime();
        for (int i = 0; i < PACED; i++) {
            List<Upsert<?>> changes = IntStream.range(next, next + BATCH)
                    .<Upsert<?>>mapToObj(number -> SampleChanges.of(samples.event(number, TaskStatus.RUNNING)))
                    .toList();
            next += BATCH;
            due += PACE_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
            long begun = System.nanoTime();
            List<Applied> applied = etcd.store().apply(changes);
            awaitAll(applied.get(BATCH - 1).revision());
            times.add(System.nanoTime() - begun);
        }
        return times.percentile(99);
    }

    private void awaitAll(long revision) throws InterruptedException, TimeoutException {
        for (EtcdStateReader reader : readers) {
            reader.view().awaitRevision(revision, LIMIT);
        }
    }

    private void burst(int at, int round) throws IOException, InterruptedException, TimeoutException {
        long before = etcd.bytesSent();
        long nanosPerEvent = Pollers.ingest(samples, etcd.store(), round);
        rates[at] = 1e9 / nanosPerEvent;
        awaitAll(etcd.store().journal().snapshot().revision());
        double each = (double) (etcd.bytesSent() - before) / Pollers.EVENTS;
        bytes[at] = each / (readers.size() + 1); // the writer follows etcd, too
    }
}
