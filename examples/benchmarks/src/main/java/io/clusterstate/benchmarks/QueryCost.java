package io.clusterstate.benchmarks;

import io.clusterstate.Requirement;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Measures queries, whose cost must follow the size of the result and not the size of the store. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 15)
public class QueryCost {

    private static final int QUESTIONS = 1_000;
    private static final int FEW = 10;
    private static final int MANY = 1_000;

    /** A store of tasks: {@value #FEW} are pending, up to {@value #MANY} deactivating, the rest running. */
    @State(Scope.Benchmark)
    public static class AmongTasks {
        /** The number of tasks. */
        @Param({"1000", "10000", "100000"})
        public int tasks;

        Snapshot snapshot;

        /** Fills a store. */
        @Setup
        public void fill() {
            TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
            MemoryStateStore store = new MemoryStateStore();
            SampleChanges.apply(store, tasks, i -> samples.upsert(i, rungOf(i)));
            snapshot = store.snapshot();
        }

        private TaskStatus rungOf(int number) {
            if (number % (tasks / FEW) == 1) {
                return TaskStatus.PENDING;
            }
            return number % (tasks / MANY) == 0 ? TaskStatus.DEACTIVATING : TaskStatus.RUNNING;
        }
    }

    /**
     * A store of container instances: {@value #FEW} have room, five times as many have almost enough, the rest are
     * full.
     */
    @State(Scope.Benchmark)
    public static class AmongInstances {
        /** The number of container instances. */
        @Param({"1000", "10000"})
        public int instances;

        Snapshot snapshot;

        /** Fills a store. */
        @Setup
        public void fill() {
            InstanceSamples samples = new InstanceSamples("prod");
            MemoryStateStore store = new MemoryStateStore();
            SampleChanges.apply(store, instances, i -> SampleChanges.of(samples.event(i, 1, freeCpu(i), 900 + i % 5)));
            snapshot = store.snapshot();
        }

        private int freeCpu(int number) {
            int place = number % (instances / FEW);
            return place == 0 ? 2_000 : place <= 5 ? 1_030 : number % 100;
        }
    }

    /** Lists ten tasks. */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    public void few(AmongTasks among, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < QUESTIONS; i++) {
                sink.consume(among.snapshot.tasks().in("prod").status("PENDING").list());
            }
        });
    }

    /** Lists a thousand tasks. */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    public void many(AmongTasks among, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < QUESTIONS; i++) {
                sink.consume(
                        among.snapshot.tasks().in("prod").status("DEACTIVATING").list());
            }
        });
    }

    /** Lists ten instances; the index leaves sixty to examine. */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    public void withFree(AmongInstances among, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < QUESTIONS; i++) {
                sink.consume(among.snapshot
                        .instances()
                        .in("prod")
                        .withFree(Requirement.cpu(1_500), Requirement.memory(512))
                        .list());
            }
        });
    }
}
