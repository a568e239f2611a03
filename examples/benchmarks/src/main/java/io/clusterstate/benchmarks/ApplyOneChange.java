package io.clusterstate.benchmarks;

import io.clusterstate.EntityKind;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
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
 * Measures the time to apply and publish a single change, which must not grow with the number of tasks in the store.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 15)
public class ApplyOneChange {

    private static final int CHANGES = 500;

    /** A store and the changes of an iteration. */
    @State(Scope.Benchmark)
    public static class Stored {
        /** The number of tasks in the store. */
        @Param({"1000", "10000", "100000"})
        public int tasks;

        private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        private final Random random = new Random(1);
        MemoryStateStore store;
        private int round;
        final List<List<Upsert<?>>> changes = new ArrayList<>();

        /** Fills the store. */
        @Setup
        public void fill() {
            store = new MemoryStateStore(Duration.ofHours(1), Duration.ZERO, InstantSource.system());
            SampleChanges.apply(store, tasks, i -> samples.upsert(i, TaskStatus.RUNNING));
        }

        /** Prepares changes of status. */
        void prepareStatusChanges() {
            round++;
            String status = round % 2 == 0 ? "RUNNING" : "PENDING";
            for (int i = 0; i < CHANGES; i++) {
                Upsert<?> known = SampleChanges.of(samples.event(random.nextInt(tasks), TaskStatus.RUNNING));
                Task.Builder next = ((Task) known.observed().value()).toBuilder();
                Task changed = next.lastStatus(status).version(100L + round).build();
                changes.add(List.of(Upsert.of(
                        EntityKind.TASK,
                        known.observed().clusterArn(),
                        changed,
                        known.observed().origin(),
                        known.observed().observedAt())));
            }
        }

        /** Prepares new tasks. */
        void prepareNewTasks() {
            round++;
            int first = 10_000_000 + round * CHANGES;
            for (int i = 0; i < CHANGES; i++) {
                changes.add(List.of(SampleChanges.of(samples.event(first + i, TaskStatus.PROVISIONING))));
            }
        }

        /** Removes the new tasks again. */
        void takeBack() {
            List<Removal<?>> removals = new ArrayList<>();
            for (List<Upsert<?>> change : changes) {
                removals.add(Removal.of(change.get(0).observed(), SampleChanges.RECEIVED, Removal.Reason.MISSING));
            }
            store.apply(removals);
            store.expire();
        }

        void applyAll(Blackhole sink) {
            for (List<Upsert<?>> change : changes) {
                sink.consume(store.apply(change));
            }
        }
    }

    /** An iteration that changes the status of tasks. */
    @State(Scope.Benchmark)
    public static class StatusChanges {

        /** Prepares an iteration. */
        @Setup(Level.Iteration)
        public void prepare(Stored stored) {
            stored.changes.clear();
            stored.prepareStatusChanges();
        }
    }

    /** An iteration that adds tasks. */
    @State(Scope.Benchmark)
    public static class NewTasks {

        /** Prepares an iteration. */
        @Setup(Level.Iteration)
        public void prepare(Stored stored) {
            stored.prepareNewTasks();
        }

        /** Removes the new tasks, so that the next iteration starts from the same size. */
        @TearDown(Level.Iteration)
        public void takeBack(Stored stored) {
            stored.takeBack();
            stored.changes.clear();
        }
    }

    /** Applies changes of status, each on its own. */
    @Benchmark
    @OperationsPerInvocation(CHANGES)
    public void statusChange(Stored stored, StatusChanges changes, Cost cost, Blackhole sink) {
        cost.count(() -> stored.applyAll(sink));
    }

    /** Applies new tasks, each on its own. */
    @Benchmark
    @OperationsPerInvocation(CHANGES)
    public void newTask(Stored stored, NewTasks changes, Cost cost, Blackhole sink) {
        cost.count(() -> stored.applyAll(sink));
    }
}
