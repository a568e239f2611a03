package io.clusterstate.benchmarks;

import io.clusterstate.spi.Upsert;
import java.util.List;
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

/**
 * Measures the time to apply and publish a single change, which must not grow with the number of tasks in the store.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 25)
public class ApplyOneChange {

    /** Nanoseconds of a change in stores of three sizes, and its bytes in the largest. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Among 1,000 tasks. */
        public long of1k;
        /** Among 10,000 tasks. */
        public long of10k;
        /** Among 100,000 tasks. */
        public long of100k;
        /** The allocation among 100,000 tasks. */
        public long bytesOf100k;
    }

    private final Turns turns = new Turns();
    private ChangingStore small;
    private ChangingStore middle;
    private ChangingStore large;

    /** Fills the stores. */
    @Setup
    public void fill() {
        small = new ChangingStore(1_000);
        middle = new ChangingStore(10_000);
        large = new ChangingStore(100_000);
    }

    /** Applies changes of status. */
    @Benchmark
    @OperationsPerInvocation(ChangingStore.CHANGES)
    public void statusChange(Costs costs, Blackhole sink) {
        turns.take(
                () -> costs.of1k = statusChanges(small, sink).nanos(),
                () -> costs.of10k = statusChanges(middle, sink).nanos(),
                () -> setLarge(costs, statusChanges(large, sink)));
    }

    /** Applies new tasks, and removes them unmeasured, so that the next iteration starts from the same size. */
    @Benchmark
    @OperationsPerInvocation(ChangingStore.CHANGES)
    public void newTask(Costs costs, Blackhole sink) {
        turns.take(
                () -> costs.of1k = newTasks(small, sink).nanos(),
                () -> costs.of10k = newTasks(middle, sink).nanos(),
                () -> setLarge(costs, newTasks(large, sink)));
    }

    private static void setLarge(Costs costs, Cost cost) {
        costs.of100k = cost.nanos();
        costs.bytesOf100k = cost.bytes();
    }

    private static Cost statusChanges(ChangingStore store, Blackhole sink) {
        List<List<Upsert<?>>> changes = store.statusChanges();
        return Cost.of(() -> store.apply(changes, sink));
    }

    private static Cost newTasks(ChangingStore store, Blackhole sink) {
        List<List<Upsert<?>>> changes = store.newTasks();
        Cost cost = Cost.of(() -> store.apply(changes, sink));
        store.takeBack(changes);
        return cost;
    }
}
