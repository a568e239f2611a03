package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a store on a real etcd on this machine. The figures are the events a second that the pollers of a mirror
 * write, and the time until a reader of 50,000 tasks is ready. etcd writes each transaction to disk.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 2)
@Fork(jvmArgsAppend = "-XX:+BackgroundCompilation") // a pause for the compiler is not the store's time
public class EtcdStoreSpeed {

    private static final int TASKS = 50_000;

    /** Times in nanoseconds. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Times {
        /** The time for each event, with all pollers at work. */
        public long anEvent;
        /** The time until a reader is ready. */
        public long coldStart;
    }

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private LoadedEtcd etcd;
    private int round;

    /** Starts etcd and fills it. */
    @Setup
    public void fill() throws IOException, InterruptedException {
        etcd = LoadedEtcd.start(samples, TASKS);
    }

    /** Closes the store and etcd. */
    @TearDown
    public void stop() {
        etcd.close();
    }

    /** Starts a reader, then writes events. */
    @Benchmark
    public void startAndIngest(Times times) throws InterruptedException, TimeoutException {
        times.coldStart = coldStart();
        times.anEvent = Pollers.ingest(samples, etcd.store(), round++);
    }

    private long coldStart() throws InterruptedException, TimeoutException {
        long begun = System.nanoTime();
        try (EtcdStateReader reader = EtcdStateReader.of(Etcd.at(etcd.endpoint()))) {
            reader.start();
            reader.view().awaitReady(Duration.ofMinutes(1));
            if (reader.view().snapshot().tasks().count() < TASKS) {
                throw new IllegalStateException("tasks: " + reader.view().snapshot() + " (expected: all of them)");
            }
            return System.nanoTime() - begun;
        }
    }
}
