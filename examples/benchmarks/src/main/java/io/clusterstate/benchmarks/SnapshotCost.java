package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Measures the time and the allocation of {@code view.snapshot()}, which must not grow with the number of tasks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 25)
public class SnapshotCost {

    private static final int TIMES = 1_000_000;

    /** The costs of a snapshot. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Nanoseconds with 1,000 tasks. */
        public long small;
        /** Nanoseconds with 100,000 tasks. */
        public long large;
        /** Bytes with 100,000 tasks. */
        public long largeBytes;
    }

    private final Turns turns = new Turns();
    private ReadyMirror small;
    private ReadyMirror large;

    /** Fills the mirrors. */
    @Setup
    public void fill() throws InterruptedException, TimeoutException {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        small = ReadyMirror.of(1_000, i -> samples.event(i, TaskStatus.RUNNING));
        large = ReadyMirror.of(100_000, i -> samples.event(i, TaskStatus.RUNNING));
    }

    /** Closes the mirrors. */
    @TearDown
    public void close() {
        small.close();
        large.close();
    }

    /** Takes snapshots from the views of real mirrors. */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void compare(Costs costs, Blackhole sink) {
        turns.take(() -> costs.small = take(small.view(), sink).nanos(), () -> {
            Cost cost = take(large.view(), sink);
            costs.large = cost.nanos();
            costs.largeBytes = cost.bytes();
        });
    }

    private static Cost take(ClusterStateView view, Blackhole sink) {
        return Cost.of(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(view.snapshot());
            }
        });
    }
}
