package io.clusterstate.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
 * Measures a reader of 50,000 tasks in a fresh JVM until it is ready, beside a program that only fetches the same keys.
 * The two alternate. etcd runs on the same machine.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
public class ColdStart {

    static final int TASKS = 50_000;

    /** Costs of a whole JVM, in nanoseconds. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** The time until the reader is ready. */
        public long readerTime;
        /** The processor time of the reader. */
        public long readerCpu;
        /** The time until the keys are fetched. */
        public long fetchTime;
        /** The processor time of the fetch. */
        public long fetchCpu;
    }

    private LoadedEtcd etcd;

    /** Starts etcd and fills it. */
    @Setup
    public void fill() throws IOException, InterruptedException {
        etcd = LoadedEtcd.start(new TaskSamples(TaskSamples.Launch.FARGATE, "prod"), TASKS);
    }

    /** Closes the store and etcd. */
    @TearDown
    public void stop() {
        etcd.close();
    }

    /** Runs the two programs, one after the other. */
    @Benchmark
    public void fetchAndRead(Costs costs) throws IOException, InterruptedException {
        FreshJvm.Cost fetch = FreshJvm.run(BareFetch.class, etcd.endpoint());
        FreshJvm.Cost reader = FreshJvm.run(ColdReader.class, etcd.endpoint());
        costs.fetchTime = fetch.wall();
        costs.fetchCpu = fetch.cpu();
        costs.readerTime = reader.wall();
        costs.readerCpu = reader.cpu();
    }
}
