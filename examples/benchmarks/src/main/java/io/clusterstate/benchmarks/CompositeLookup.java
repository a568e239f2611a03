package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final List<ReadyMirror> mirrors = new ArrayList<>();
    private final ClusterStateView[] owners = new ClusterStateView[TASKS];
    private final String[] arns = new String[TASKS];
    private CompositeView view;

    /** Fills the members. */
    @Setup
    public void fill() throws InterruptedException, TimeoutException {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        int each = TASKS / members;
        for (int member = 0; member < members; member++) {
            String region = "eu-west-" + (member + 1);
            TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
            ReadyMirror mirror = ReadyMirror.of(
                    region, each, i -> samples.event(i, TaskStatus.RUNNING).replace(SampleIds.REGION, region));
            mirrors.add(mirror);
            views.put(region, mirror.view());
        }
        view = CompositeView.of(views);
        LookupKeys order = new LookupKeys(TASKS, Integer::toString);
        for (int i = 0; i < TASKS; i++) {
            int task = Integer.parseInt(order.next());
            ReadyMirror owner = mirrors.get(task % members);
            owners[i] = owner.view();
            arns[i] = new String(owner.arn(task / members).toCharArray());
            view.task(arns[i]).orElseThrow();
        }
    }

    /** Closes the mirrors. */
    @TearDown
    public void close() {
        mirrors.forEach(ReadyMirror::close);
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
}
