package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.testing.Soak;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The number and the pace of the calls of a reconcile of many clusters. */
class ReconcileCostTest {

    private static final double UNLIMITED = 1_000_000;
    private static final int TASKS_IN_A_CLUSTER = 500;
    private static final double TOLERANCE = 1.02;

    @Test
    @Tag("soak")
    void aFullReconcileTakesTheFewestCallsThatThereCanBe() throws Exception {
        int clusters = Soak.size("clusters of " + TASKS_IN_A_CLUSTER + " tasks", 30, 200);
        int tasks = clusters * TASKS_IN_A_CLUSTER;
        try (MirroredEcs ecs = MirroredEcs.of(
                Simulator.builder().seed(1).clusters(clusters).tasks(tasks),
                builder -> builder.apiShare(UNLIMITED).events(new ScriptedSource()))) {
            ecs.mirror().start();
            ecs.view().awaitReady(Duration.ofMinutes(3));
            long before = sum(ecs.simulator().calls());

            List<ReconcileReport> reports = ecs.mirror().reconcileNow().get(3, TimeUnit.MINUTES);

            long taken = sum(ecs.simulator().calls()) - before;
            long fewest = fewest(ecs.simulator().truth());
            System.out.printf(
                    "reconcile of %d clusters, %d tasks: %d calls, fewest possible %d%n",
                    clusters, ecs.snapshot().tasks().count(), taken, fewest);
            assertEquals(clusters, reports.size());
            assertTrue(ecs.snapshot().tasks().count() >= tasks);
            assertTrue(reports.stream().allMatch(report -> report.drift().equals(Drift.NONE)));
            assertTrue(taken <= fewest * TOLERANCE, () -> taken + " calls (expected: " + fewest + ", and 2 % at most)");
        }
    }

    @Test
    void halfOfEcssRateIsLeftToOthers() throws Exception {
        NeighboursTime time = new NeighboursTime();
        try (MirroredEcs ecs = MirroredEcs.of(
                time,
                Simulator.builder().seed(2).clusters(40).tasks(20_000).faults(Fault.parse("throttling")),
                builder -> builder.events(new ScriptedSource()))) {
            time.atEachTenthOfASecond = () -> ecs.world().ecs().listTasks(request -> request.cluster("default"));
            Duration begun = Duration.ofNanos(time.nanos());
            ecs.mirror().start();
            ecs.view().awaitReady(Duration.ofMinutes(2));
            ecs.mirror().reconcileNow().get(2, TimeUnit.MINUTES);

            Duration took = Duration.ofNanos(time.nanos()).minus(begun);
            ApiUse use = ecs.mirror().status().api();
            long paced = use.calls().entrySet().stream()
                    .filter(each ->
                            each.getKey().contains("Task") || each.getKey().contains("Instance"))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            double ideal = (paced - 50) / 10.0;
            System.out.printf(
                    "%d paced calls beside a neighbour's %d in %.0f s of turned time, ideal %.0f s; throttled: %s%n",
                    paced,
                    time.neighboursCalls,
                    took.toMillis() / 1000.0,
                    ideal,
                    ecs.simulator().throttled());
            assertEquals(Map.of(), ecs.simulator().throttled());
            assertEquals(Map.of(), use.throttled());
            assertTrue(time.neighboursCalls > 300, () -> "the neighbour called " + time.neighboursCalls + " times");
            assertTrue(took.toMillis() / 1000.0 <= ideal * 1.2, "the budget is made use of");
        }
    }

    /** Time that moves by pauses only, and in which somebody else calls ECS ten times a second. */
    private static final class NeighboursTime extends TestTime {

        private static final long TENTH = Duration.ofMillis(100).toNanos();

        private @Nullable Runnable atEachTenthOfASecond;
        private int neighboursCalls;

        @Override
        public void pause(Duration pause) {
            long target = nanos() + pause.toNanos();
            synchronized (this) {
                while (nanos() < target) {
                    long next = (nanos() / TENTH + 1) * TENTH;
                    advance(Duration.ofNanos(Math.min(next, target) - nanos()));
                    if (nanos() == next && atEachTenthOfASecond != null) {
                        atEachTenthOfASecond.run();
                        neighboursCalls++;
                    }
                }
            }
        }
    }

    /** An empty list costs a call, too. Source of the rest: the page sizes of the ECS API reference. */
    private static long fewest(Truth truth) {
        long calls = pages(truth.clusters().size(), 100) * 2;
        for (var cluster : truth.clusters()) {
            Predicate<String> isHere = cluster.clusterArn()::equals;
            var tasks = truth.tasks().stream()
                    .filter(task -> isHere.test(task.clusterArn()))
                    .toList();
            long stopped = tasks.stream()
                    .filter(task -> "STOPPED".equals(task.desiredStatus()))
                    .count();
            long instances = cluster.registeredContainerInstancesCount();
            long services = cluster.activeServicesCount();
            calls += listed(tasks.size() - stopped) + listed(stopped) + pages(tasks.size(), 100);
            calls += listed(instances) + pages(instances, 100) + listed(services) + pages(services, 10);
        }
        return calls;
    }

    private static long listed(long things) {
        return Math.max(1, pages(things, 100));
    }

    private static long pages(long things, long size) {
        return (things + size - 1) / size;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
