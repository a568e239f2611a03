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
 * Does a listener that sleeps for a second at each change delay others? Changes come 1,000 a second; in turns with and
 * without the sleeper, one looks how long a change takes to be applied, and how long until another listener has it.
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
     * How long the changes took that were slower than 99 of 100, in nanoseconds: of the turns, the middle one, since a
     * few moments in which the machine does something else would be told of all.
     */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** To apply one, without the sleeper. */
        public long appliedAlone;
        /** To apply one, beside the sleeper. */
        public long appliedBeside;
        /** From there to the other listener, without the sleeper. */
        public long toldAlone;
        /** From there to the other listener, beside the sleeper. */
        public long toldBeside;
    }

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private MemoryStateStore store;
    private StoreView view;
    private int next;

    /** Loads the tasks. */
    @Setup
    public void load() {
        store = new MemoryStateStore();
        SampleChanges.apply(store, DescribedTasks.upserts(samples, TASKS));
        next = TASKS;
        view = StoreView.of(store.journal(), new AlwaysReady(), InstantSource.system(), Thread::new);
    }

    /** Ends what is left of the listeners. */
    @TearDown
    public void close() {
        store.close();
    }

    /** Takes turns. */
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

    /** What was measured in the turns of one kind: of each, how long the slowest of a hundred took. */
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

    /** Ready, for ever. */
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
