package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole way, over HTTP: simulated ECS, real queue server, event source, memory store, view. */
class WholeWayTest {

    private static final long SEED = Long.getLong("css.seed", 42);

    private final int tasks = Soak.size("tasks on the whole way", 2_000, 10_000);
    private final int events = Soak.size("events on the whole way", 1_000, 3_000);
    private final Map<String, Long> versions = new HashMap<>();

    @Test
    @Tag("soak")
    @Timeout(300)
    void theViewEqualsTheTruthAfterTrouble() throws Exception {
        System.out.println("css.seed=" + SEED);
        Set<Fault> trouble = EnumSet.of(Fault.DUPLICATES, Fault.REORDER, Fault.DELAY, Fault.ERRORS);
        Simulator simulator = Simulator.builder()
                .seed(SEED)
                .clusters(4)
                .tasks(tasks)
                .faults(trouble)
                .shortArnShare(0.2)
                .build();
        try (EcsAccess ecsAccess = EcsAccess.simulated(simulator);
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(ecsAccess.ecs())
                        .events(SqsEventSource.of(ecsAccess.sqs(), ecsAccess.queue())
                                .waitingUpTo(Duration.ofSeconds(1)))
                        .store(new MemoryStateStore())
                        .reconcileEvery(Duration.ofHours(1))
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofMinutes(2));

            simulator.drive(1_000);
            while (simulator.truth().events().emitted() < events) {
                requireThatNoVersionGoesBack(mirror.view().snapshot());
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            simulator.settle(Duration.ofMinutes(1));
            awaitAllDeliveries(mirror, simulator.truth().events().sent());

            Truth truth = simulator.truth();
            assertEquals(List.of(), statesOf(truth, mirror.view()));
            assertTrue(truth.tasks().size() >= tasks);
            assertTrue(countOf(mirror, DeliveryOutcome.KNOWN) > 0, "the trouble was no trouble");
            assertEquals(0, countOf(mirror, DeliveryOutcome.UNREADABLE));
        }
    }

    /** Promise 1, from outside. */
    private void requireThatNoVersionGoesBack(Snapshot snapshot) {
        snapshot.tasks().observed().forEach(task -> {
            Long before = versions.put(task.arn(), task.version());
            assertTrue(before == null || before <= task.version(), () -> task + " was at version " + before);
        });
    }

    private static void awaitAllDeliveries(ClusterMirror mirror, long sent) {
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (worked(mirror.status()) < sent && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertTrue(worked(mirror.status()) >= sent, () -> mirror.status() + " (expected: " + sent + " deliveries)");
    }

    private static long worked(MirrorStatus status) {
        return status.deliveries().values().stream().mapToLong(Long::longValue).sum();
    }

    private static long countOf(ClusterMirror mirror, DeliveryOutcome outcome) {
        return mirror.status().deliveries().getOrDefault(outcome, 0L);
    }

    /**
     * The differences in what events carry: nothing is listed again here, so what only the API tells is unknown or as
     * of the load, and the counts of services are as of their last notice.
     */
    private static List<String> statesOf(Truth truth, ClusterStateView view) {
        return TruthCheck.differencesInEvents(view.snapshot(), truth).stream()
                .map(Difference::words)
                .limit(10)
                .toList();
    }
}
