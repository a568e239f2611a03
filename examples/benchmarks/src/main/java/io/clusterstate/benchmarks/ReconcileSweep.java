package io.clusterstate.benchmarks;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that loads a mirror and reconciles it, with tasks in clusters of 500, and prints the cost of that. */
final class ReconcileSweep {

    private static final int UNLIMITED = 1_000_000;
    private static final int MINUTES = 5;
    private static final int LEAST_TIMES = 2;
    private static final int MOST_TIMES = 20;
    /** The tasks that warm up the JVM, as far as they are more than one pass has. */
    private static final int WARM_UP = 200_000;

    private ReconcileSweep() {}

    /** Takes the number of tasks. */
    public static void main(String[] args) {
        GrowthProgram.run(() -> measure(Integer.parseInt(args[0])));
    }

    private static void measure(int size) throws InterruptedException, TimeoutException, ExecutionException {
        PagedEcs ecs = new PagedEcs(size);
        try (ClusterMirror mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(new QuietSource())
                .store(new MemoryStateStore())
                .apiShare(UNLIMITED)
                .pollers(1)
                .closeWithin(Duration.ofSeconds(1))
                .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofMinutes(MINUTES));
            for (int warm = size; warm < WARM_UP; warm += size) {
                mirror.reconcileNow().get(MINUTES, TimeUnit.MINUTES);
            }
            measure(mirror, ecs, size);
        }
    }

    private static void measure(ClusterMirror mirror, PagedEcs ecs, int size)
            throws InterruptedException, TimeoutException, ExecutionException {
        int repetitions = Math.max(LEAST_TIMES, Math.min(MOST_TIMES, WARM_UP / size));
        double[] calls = new double[repetitions];
        double[] times = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long before = ecs.calls();
            long cpu = FreshJvm.cpu();
            mirror.reconcileNow().get(MINUTES, TimeUnit.MINUTES);
            times[i] = (double) (FreshJvm.cpu() - cpu) / size;
            calls[i] = (double) (ecs.calls() - before) / ecs.fewestCalls();
        }
        print(new Measurement(GrowthJob.RECONCILE_CALLS, "css", size, Spread.of(calls)));
        print(new Measurement(GrowthJob.RECONCILE_TIME, "css", size, Spread.of(times)));
    }

    private static void print(Measurement measurement) {
        System.out.println(MeasurementJson.write(measurement));
    }
}
