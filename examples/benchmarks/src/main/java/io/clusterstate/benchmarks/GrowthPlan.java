package io.clusterstate.benchmarks;

import io.clusterstate.benchmarks.GrowthJob.Axis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The programs that measure the growth, in the order in which they run. */
final class GrowthPlan {

    /** Beyond this number, filling etcd takes minutes, and its default quota of 2 GiB comes into sight. */
    static final int MOST_IN_ETCD = 100_000;

    private static final int[] SUBSCRIBERS = {1, 10, 100, 1_000};
    private static final int[] READERS = {1, 5, 10, 20, 40};
    /** The jobs of {@link SizeSweep}. */
    private static final Set<GrowthJob> IN_PROCESS = Collections.unmodifiableSet(EnumSet.of(
            GrowthJob.LOOKUP,
            GrowthJob.QUERY_FEW,
            GrowthJob.QUERY_SHARE,
            GrowthJob.PUBLISH,
            GrowthJob.BATCH_100,
            GrowthJob.BATCH_1000,
            GrowthJob.INITIAL,
            GrowthJob.RESET,
            GrowthJob.HOUSEKEEPING,
            GrowthJob.HEAP));

    private final List<Step> steps = new ArrayList<>();
    private final List<String> only;

    private GrowthPlan(List<String> only) {
        this.only = only;
    }

    /** A program to run, or a search that runs several. */
    interface Work {
        List<Measurement> run() throws IOException, InterruptedException;
    }

    /**
     * A step of the plan.
     *
     * @param label the step, for people
     * @param work measures
     */
    record Step(String label, Work work) {}

    /** The steps for these numbers of tasks; only for jobs whose name begins like that, if there are any. */
    static List<Step> steps(int[] sizes, List<String> only) {
        GrowthPlan plan = new GrowthPlan(only);
        for (int size : sizes) {
            plan.addInProcess(size);
            plan.add(
                    size,
                    GrowthChild.usual(ReconcileSweep.class, heapFor(size)),
                    GrowthJob.RECONCILE_CALLS,
                    GrowthJob.RECONCILE_TIME);
            if (size <= MOST_IN_ETCD) {
                plan.add(size, GrowthChild.usual(EtcdLoadSweep.class, "2g"), GrowthJob.ETCD_LOAD);
            }
        }
        Arrays.stream(SUBSCRIBERS)
                .forEach(count ->
                        plan.add(count, GrowthChild.usual(SubscriberSweep.class, "1g"), jobsOf(Axis.SUBSCRIBERS)));
        Arrays.stream(READERS)
                .forEach(count -> plan.add(count, GrowthChild.usual(ReaderSweep.class, "3g"), jobsOf(Axis.READERS)));
        plan.add(1, GrowthChild.usual(EndToEnd.class, "1g"), jobsOf(Axis.NONE));
        Arrays.stream(sizes).forEach(plan::addLeastHeaps);
        return List.copyOf(plan.steps);
    }

    private static GrowthJob[] jobsOf(Axis axis) {
        return Stream.of(GrowthJob.values()).filter(job -> job.axis() == axis).toArray(GrowthJob[]::new);
    }

    /** The heap for the tasks, three caches and the garbage of a measurement. */
    private static String heapFor(int size) {
        return 512 + size * 9L / 2_000 + "m";
    }

    private boolean isAsked(GrowthJob job) {
        return only.isEmpty() || only.stream().anyMatch(job.key()::startsWith);
    }

    private void addInProcess(int size) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(size)));
        IN_PROCESS.stream().filter(this::isAsked).map(GrowthJob::key).forEach(arguments::add);
        if (arguments.size() > 1) {
            GrowthChild child = GrowthChild.steady(SizeSweep.class, heapFor(size));
            steps.add(new Step("SizeSweep, " + size + " tasks", () -> child.run(arguments)));
        }
    }

    private void add(int size, GrowthChild child, GrowthJob... jobs) {
        if (Stream.of(jobs).anyMatch(this::isAsked)) {
            String label = child.program().getSimpleName() + ", " + size + " " + jobs[0].axis();
            steps.add(new Step(label, () -> child.run(List.of(Integer.toString(size)))));
        }
    }

    private void addLeastHeaps(int size) {
        for (CacheKind cache : CacheKind.values()) {
            if (isAsked(GrowthJob.LEAST_HEAP)) {
                steps.add(new Step(
                        "LeastHeap of " + cache + ", " + size + " tasks",
                        () -> List.of(new LeastHeap(cache, size).find())));
            }
        }
    }
}
