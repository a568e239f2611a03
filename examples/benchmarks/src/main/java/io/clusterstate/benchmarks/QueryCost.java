package io.clusterstate.benchmarks;

import io.clusterstate.Requirement;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Measures queries, whose cost must follow the size of the result and not the size of the store. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 25)
public class QueryCost {

    private static final int QUERIES = 1_000;
    private static final int FEW = 10;
    private static final int MANY = 1_000;

    /** Nanoseconds of a query in stores of three sizes; container instances have only the first two. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Among 1,000 entities. */
        public long of1k;
        /** Among 10,000 entities. */
        public long of10k;
        /** Among 100,000 entities. */
        public long of100k;
    }

    private final Turns turns = new Turns();
    private Snapshot small;
    private Snapshot middle;
    private Snapshot large;
    private Snapshot fewInstances;
    private Snapshot manyInstances;

    /** Fills the stores. */
    @Setup
    public void fill() {
        small = tasks(1_000);
        middle = tasks(10_000);
        large = tasks(100_000);
        fewInstances = instances(1_000);
        manyInstances = instances(10_000);
    }

    /** Of the tasks, {@value #FEW} are pending, up to {@value #MANY} deactivating, the rest running. */
    private static Snapshot tasks(int count) {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        MemoryStateStore store = new MemoryStateStore();
        SampleChanges.apply(store, count, i -> samples.upsert(i, statusOf(i, count)));
        return store.snapshot();
    }

    private static TaskStatus statusOf(int number, int count) {
        if (number % (count / FEW) == 1) {
            return TaskStatus.PENDING;
        }
        return number % (count / MANY) == 0 ? TaskStatus.DEACTIVATING : TaskStatus.RUNNING;
    }

    /** Of the container instances, {@value #FEW} have room, five times as many almost enough, the rest are full. */
    private static Snapshot instances(int count) {
        InstanceSamples samples = new InstanceSamples("prod");
        MemoryStateStore store = new MemoryStateStore();
        SampleChanges.apply(store, count, i -> SampleChanges.of(samples.event(i, 1, freeCpu(i, count), 900 + i % 5)));
        return store.snapshot();
    }

    private static int freeCpu(int number, int count) {
        int place = number % (count / FEW);
        return place == 0 ? 2_000 : place <= 5 ? 1_030 : number % 100;
    }

    /** Lists ten tasks. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public void few(Costs costs, Blackhole sink) {
        turns.take(
                () -> costs.of1k = pending(small, sink),
                () -> costs.of10k = pending(middle, sink),
                () -> costs.of100k = pending(large, sink));
    }

    /** Lists a thousand tasks. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public void many(Costs costs, Blackhole sink) {
        turns.take(() -> costs.of10k = deactivating(middle, sink), () -> costs.of100k = deactivating(large, sink));
    }

    /** Lists ten instances; the index leaves sixty to examine. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public void withFree(Costs costs, Blackhole sink) {
        turns.take(() -> costs.of1k = withRoom(fewInstances, sink), () -> costs.of10k = withRoom(manyInstances, sink));
    }

    private static long pending(Snapshot snapshot, Blackhole sink) {
        return each(
                () -> sink.consume(snapshot.tasks().in("prod").status("PENDING").list()));
    }

    private static long deactivating(Snapshot snapshot, Blackhole sink) {
        return each(() ->
                sink.consume(snapshot.tasks().in("prod").status("DEACTIVATING").list()));
    }

    private static long withRoom(Snapshot snapshot, Blackhole sink) {
        return each(() -> sink.consume(snapshot.instances()
                .in("prod")
                .withFree(Requirement.cpu(1_500), Requirement.memory(512))
                .list()));
    }

    private static long each(Runnable query) {
        return Cost.of(() -> {
                    for (int i = 0; i < QUERIES; i++) {
                        query.run();
                    }
                })
                .nanos();
    }
}
