package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.Origin;
import io.clusterstate.StoreView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.ViewHost;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Measures a lookup by ARN in a composite view, beside the same lookup in the member that has the task. The members are
 * of as many Regions, and together hold 20,000 tasks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 25)
public class CompositeLookup {

    private static final int TASKS = 20_000;
    private static final int LOOKUPS = 20_000;

    /** The number of members. */
    @Param({"1", "4", "20"})
    public int members;

    /** Nanoseconds of the lookups, and bytes of those in the composite. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** The composite view. */
        public long composite;
        /** The member that has the task. */
        public long member;
        /** The allocation of lookups in the composite. */
        public long compositeBytes;
    }

    private final Turns turns = new Turns();
    private final List<StoreView> views = new ArrayList<>();
    private final ClusterStateView[] owners = new ClusterStateView[TASKS];
    private final String[] arns = new String[TASKS];
    private CompositeView view;

    /** Fills the members. */
    @Setup
    public void fill() {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        List<String> regions =
                IntStream.range(0, members).mapToObj(i -> "eu-west-" + (i + 1)).toList();
        Map<String, ClusterStateView> named = new LinkedHashMap<>();
        regions.forEach(region -> named.put(region, member(samples, region)));
        view = CompositeView.of(named);
        LookupKeys order = new LookupKeys(TASKS, Integer::toString);
        for (int i = 0; i < TASKS; i++) {
            int task = Integer.parseInt(order.next());
            String region = regions.get(task % members);
            owners[i] = Objects.requireNonNull(named.get(region));
            arns[i] = in(region, samples.arn(task));
            if (view.task(arns[i]).isEmpty()) {
                throw new IllegalStateException(arns[i] + ": not in the view (expected: a task)");
            }
        }
    }

    /** A view of those tasks that are of a Region. */
    private StoreView member(TaskSamples samples, String region) {
        MemoryStateStore store = new MemoryStateStore();
        List<Change<?>> changes = new ArrayList<>();
        for (int task = views.size(); task < TASKS; task += members) {
            Upsert<Task> sample = samples.upsert(task, TaskStatus.RUNNING);
            Task moved = sample.observed().value().toBuilder()
                    .taskArn(in(region, samples.arn(task)))
                    .build();
            changes.add(Upsert.of(
                    EntityKind.TASK,
                    in(region, sample.observed().clusterArn()),
                    moved,
                    Origin.EVENT,
                    SampleChanges.RECEIVED));
        }
        store.apply(changes);
        StoreView member = StoreView.of(store.journal(), new Ready(), InstantSource.system(), Thread::new);
        views.add(member);
        return member;
    }

    private static String in(String region, String arn) {
        return arn.replace(SampleIds.REGION, region);
    }

    /** Closes the views. */
    @TearDown
    public void close() {
        views.forEach(StoreView::close);
    }

    /** Looks up in the composite, and in the member that has the task. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void compare(Costs costs, Blackhole sink) {
        turns.take(
                () -> {
                    Cost cost = Cost.of(() -> inComposite(sink));
                    costs.composite = cost.nanos();
                    costs.compositeBytes = cost.bytes();
                },
                () -> costs.member = Cost.of(() -> inMember(sink)).nanos());
    }

    private void inComposite(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(view.task(arns[i]));
        }
    }

    private void inMember(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(owners[i].task(arns[i]));
        }
    }

    /** The host of a view that is always ready. */
    private static final class Ready implements ViewHost {

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
            return new NotReadyException("never (expected: ready)", null);
        }

        @Override
        public String waitsFor() {
            return "nothing";
        }

        @Override
        public Freshness freshness() {
            return Freshness.NONE;
        }
    }
}
