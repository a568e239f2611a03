package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
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
@Measurement(iterations = 20)
public class SnapshotCost {

    private static final int TIMES = 1_000_000;

    /** The number of tasks in the mirror. */
    @Param({"1000", "100000"})
    public int tasks;

    private ReadyMirror mirror;
    private ClusterStateView view;

    /** Fills the mirror. */
    @Setup
    public void fill() throws InterruptedException, TimeoutException {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        mirror = ReadyMirror.of(tasks, i -> samples.event(i, TaskStatus.RUNNING));
        view = mirror.view();
    }

    /** Closes the mirror. */
    @TearDown
    public void close() {
        mirror.close();
    }

    /** Takes snapshots from the view of a real mirror. */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void view(Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(view.snapshot());
            }
        });
    }
}
