package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.ViewHost;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * alternating runs with and without the sleeper. Each run times how long a change takes to apply, and how long until
 * another listener gets it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 2)
public class SlowListener {

    private static final int TASKS = 10_000;
    private static final int TURNS = 10;
    private static final int CHANGES_A_TURN = 200;
    private static final long PACE_NANOS = 1_000_000;

    /**
     * The 99th percentiles in nanoseconds. Each is the median of its runs, so that a short disturbance of the machine
     * does not decide the result.
     */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** The time to apply a change, without the sleeper. */
        public long appliedAlone;
        /** The time to apply a change, with the sleeper. */
        public long appliedBeside;
        /** The time from apply to the other listener, without the sleeper. */
        public long toldAlone;
        /** The time from apply to the other listener, with the sleeper. */
        public long toldBeside;
    }

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
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

    /** Alternates runs without and with the sleeper. */
    @Benchmark
    public void follow(Percentiles percentiles) throws InterruptedException {
        Runs alone = new Runs();
        Runs beside = new Runs();
        for (int turn = 0; turn < TURNS; turn++) {
            alone.take();
            Subscription sleeper = view.subscribe(ChangeListener.builder()
                    .liveOnly()
                    .tasks(tasks -> tasks.onEach((change, batch) -> TimeUnit.SECONDS.sleep(1)))
                    .build());
            beside.take();
            sleeper.cancel();
        }
        percentiles.appliedAlone = alone.applied.percentile(50);
        percentiles.appliedBeside = beside.applied.percentile(50);
        percentiles.toldAlone = alone.told.percentile(50);
        percentiles.toldBeside = beside.told.percentile(50);
    }

    /** The 99th percentiles of all runs with, or of all runs without the sleeper. */
    private final class Runs {

        private final Times applied = new Times(TURNS);
        private final Times told = new Times(TURNS);

        void take() throws InterruptedException {
            Times applying = new Times(CHANGES_A_TURN);
            Times telling = new Times(CHANGES_A_TURN);
            Map<String, Long> sent = new ConcurrentHashMap<>();
            CountDownLatch left = new CountDownLatch(CHANGES_A_TURN);
            Subscription listener = view.subscribe(ChangeListener.builder()
                    .liveOnly()
                    .tasks(tasks -> tasks.onEach((change, batch) -> {
                        telling.add(System.nanoTime() - sent.getOrDefault(change.arn(), 0L));
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
                applying.add(System.nanoTime() - begun);
            }
            left.await();
            listener.cancel();
            applied.add(applying.percentile(99));
            told.add(telling.percentile(99));
        }

        private List<Upsert<?>> changes() {
            List<Upsert<?>> changes = new ArrayList<>(CHANGES_A_TURN);
            for (int i = 0; i < CHANGES_A_TURN; i++) {
                changes.add(SampleChanges.of(samples.event(next++, TaskStatus.PENDING)));
            }
            return changes;
        }
    }

    /** A host that is always ready and never ends. */
    private static final class AlwaysReady implements ViewHost {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public NotReadyException notReady() {
            return new NotReadyException("never", null);
        }

        @Override
        public String waitsFor() {
            return "nothing";
        }

        @Override
        public Freshness freshness() {
            return new Freshness(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), StoreLink.LOCAL);
        }
    }
}
