package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.StoreView;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures whether a listener that sleeps for a second at each change delays others. Changes come at 1,000 a second, in
 * alternating phases with and without the sleeper. Each phase times how long a change takes to apply, and how long
 * until another listener gets it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 21)
public class SlowListener {

    private static final int TASKS = 10_000;
    private static final int CHANGES = 300;
    private static final long PACE_NANOS = 1_000_000;

    /** The 99th percentiles, in nanoseconds. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** The time to apply a change, without the sleeper. */
        public long appliedAlone;
        /** The time to apply a change, with the sleeper. */
        public long appliedBeside;
        /** The time from apply to the other listener, without the sleeper. */
        public long heardAlone;
        /** The time from apply to the other listener, with the sleeper. */
        public long heardBeside;
    }

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private final Turns turns = new Turns();
    private MemoryStateStore store;
    private StoreView view;
    private int next;

    /** Loads a store with tasks. */
    @Setup
    public void load() {
        store = new MemoryStateStore();
        SampleChanges.apply(store, DescribedTasks.upserts(samples, TASKS));
        next = TASKS;
        view = StoreView.of(store.journal(), new AlwaysReady(), InstantSource.system(), Thread::new);
    }

    /** Closes the store. */
    @TearDown
    public void close() {
        store.close();
    }

    /** Applies changes without and with the sleeper. */
    @Benchmark
    public void compare(Percentiles percentiles) {
        turns.take(
                () -> {
                    Phase alone = phase();
                    percentiles.appliedAlone = alone.applied.percentile(99);
                    percentiles.heardAlone = alone.heard.percentile(99);
                },
                () -> {
                    Subscription sleeper = view.subscribe(ChangeListener.builder()
                            .liveOnly()
                            .tasks(tasks -> tasks.onEach((change, batch) -> TimeUnit.SECONDS.sleep(1)))
                            .build());
                    Phase beside = phase();
                    sleeper.cancel();
                    percentiles.appliedBeside = beside.applied.percentile(99);
                    percentiles.heardBeside = beside.heard.percentile(99);
                });
    }

    private Phase phase() {
        Phase phase = new Phase();
        Map<String, Long> sent = new ConcurrentHashMap<>();
        CountDownLatch left = new CountDownLatch(CHANGES);
        Subscription listener = view.subscribe(ChangeListener.builder()
                .liveOnly()
                .tasks(tasks -> tasks.onEach((change, batch) -> {
                    phase.heard.add(System.nanoTime() - sent.getOrDefault(change.arn(), 0L));
                    left.countDown();
                }))
                .build());
        long due = System.nanoTime();
        for (Upsert<?> change : changes()) {
            due += PACE_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
            long begun = System.nanoTime();
            sent.put(change.arn(), begun);
            store.apply(List.of(change));
            phase.applied.add(System.nanoTime() - begun);
        }
        Waiting.until(left);
        listener.cancel();
        return phase;
    }

    private List<Upsert<?>> changes() {
        List<Upsert<?>> changes = new ArrayList<>(CHANGES);
        for (int i = 0; i < CHANGES; i++) {
            changes.add(SampleChanges.of(samples.event(next++, TaskStatus.PENDING)));
        }
        return changes;
    }

    /** The times of the changes with, or without the sleeper. */
    private static final class Phase {
        private final Times applied = new Times(CHANGES);
        private final Times heard = new Times(CHANGES);
    }
}
