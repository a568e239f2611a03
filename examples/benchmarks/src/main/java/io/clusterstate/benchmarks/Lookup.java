package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.MemoryStateStore;
import java.util.concurrent.ConcurrentHashMap;
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
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Measures the time and the allocation of a lookup by ARN. The baseline is a bare map, and the allowed allocation is
 * the {@code Optional}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
public class Lookup {

    private static final int LOOKUPS = 100_000;

    /** The keys that the view and the map hold. */
    @State(Scope.Benchmark)
    public static class Keys {
        /** The number of tasks. */
        @Param("100000")
        public int tasks;

        final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        LookupKeys lookupKeys;

        /** Makes the keys. */
        @Setup
        public void prepare() {
            lookupKeys = new LookupKeys(tasks, samples::arn);
        }
    }

    /** A ready mirror. */
    @State(Scope.Benchmark)
    public static class InView {
        private ReadyMirror mirror;
        ClusterStateView view;

        /** Fills the mirror. */
        @Setup
        public void fill(Keys keys) throws InterruptedException, TimeoutException {
            mirror = ReadyMirror.of(keys.tasks, i -> keys.samples.event(i, TaskStatus.RUNNING));
            view = mirror.view();
        }

        /** Closes the mirror. */
        @TearDown
        public void close() {
            mirror.close();
        }
    }

    /** A bare map. */
    @State(Scope.Benchmark)
    public static class InMap {
        final ConcurrentHashMap<String, Task> map = new ConcurrentHashMap<>();

        /** Fills the map. */
        @Setup
        public void fill(Keys keys) {
            MemoryStateStore store = new MemoryStateStore();
            SampleChanges.apply(store, keys.tasks, i -> keys.samples.upsert(i, TaskStatus.RUNNING));
            store.snapshot().tasks().stream().forEach(task -> map.put(task.taskArn(), task));
        }
    }

    /** Looks up in the view of a real mirror, which checks each time that it is ready. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void view(Keys keys, InView held, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < LOOKUPS; i++) {
                sink.consume(held.view.task(keys.lookupKeys.next()));
            }
        });
    }

    /** The baseline: looks up in a map. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void map(Keys keys, InMap held, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < LOOKUPS; i++) {
                sink.consume(held.map.get(keys.lookupKeys.next()));
            }
        });
    }
}
