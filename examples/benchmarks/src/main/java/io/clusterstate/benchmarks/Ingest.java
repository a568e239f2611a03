package io.clusterstate.benchmarks;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures how many events a thread can decode and apply. The store holds 50,000 running tasks, as the first load from
 * the API leaves them. Some tasks stop while new ones start, status by status and all at once, in batches of ten as a
 * queue delivers them. The young generation has room for the garbage of thousands of events, as in any server's JVM.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
@Fork(jvmArgsAppend = "-Xmn512m")
public class Ingest {

    /** The costs of an event. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Nanoseconds. */
        public long time;
        /** Bytes. */
        public long bytes;
    }

    private static final int TASKS = 50_000;
    private static final int EVENTS = 16_000;
    private static final int BATCH = 10;

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private List<Upsert<?>> loaded;
    private MemoryStateStore store;
    private List<String> events;
    private int round;

    /** Makes the tasks as the API reports them. */
    @Setup
    public void load() {
        loaded = DescribedTasks.upserts(samples, TASKS);
    }

    /** Makes a new store and new events. */
    @Setup(Level.Iteration)
    public void prepare() {
        store = new MemoryStateStore();
        SampleChanges.apply(store, loaded);
        events = ladder(round++);
    }

    /** The events of equally many tasks that start and that stop. */
    private List<String> ladder(int time) {
        int each = EVENTS / TaskStatus.values().length;
        List<String> made = new ArrayList<>(EVENTS);
        for (TaskStatus status : TaskStatus.values()) {
            for (int i = 0; i < each; i++) {
                int number = status.isEnding() ? (time * each + i) % TASKS : TASKS + time * each + i;
                made.add(samples.event(number, status));
            }
        }
        return made;
    }

    /** Decodes and applies all events, in batches. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decodeAndApply(Costs costs, Blackhole sink) {
        Cost cost = Cost.of(() -> decodeAndApplyAll(sink));
        costs.time = cost.nanos();
        costs.bytes = cost.bytes();
    }

    private void decodeAndApplyAll(Blackhole sink) {
        for (int from = 0; from < EVENTS; from += BATCH) {
            List<Upsert<?>> changes = new ArrayList<>(BATCH);
            for (String event : events.subList(from, from + BATCH)) {
                changes.add(SampleChanges.of(event));
            }
            sink.consume(store.apply(changes));
        }
    }
}
