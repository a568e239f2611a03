package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.Environment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads of mirrors under load: which there are, and that a bound holds for each place. */
class MirrorsThreadsTest {

    /** With a claim and task definitions: 6 single loops, and one of each of the three others. */
    private static final int LEAST = 9;
    /** The thread of each place that closes its mirror. */
    private static final int CLOSING = 1;

    private static final Set<String> KINDS = Set.of(
            "claim", "definitions", "describe", "describe-page", "expectations", "housekeeping", "poll", "reconcile");

    private final SimulatedPlaces world = new SimulatedPlaces();
    /** By place; the threads that close are the world's. */
    private final Map<MirrorPlace, PeakThreads> threads = new ConcurrentHashMap<>();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aBoundHoldsForEachPlaceUnderLoad() throws Exception {
        int share = LEAST + 1;

        Mirrors mirrors = underLoad(world.places().size() * share);
        mirrors.close();

        assertEquals(world.places().size(), threads.size());
        threads.forEach((place, its) -> assertTrue(its.peak() + CLOSING <= share, () -> place + ": " + its.peak()));
    }

    /** If there is a new kind of thread, {@link ThreadPlan} has to count it. */
    @Test
    void thePlanCountsEveryKindOfThread() throws Exception {
        Mirrors mirrors = underLoad(Integer.MAX_VALUE);
        mirrors.close();

        int most = ThreadPlan.most(true, true, 8).total();
        threads.forEach((place, its) -> {
            assertEquals(KINDS, its.kinds());
            assertTrue(its.peak() + CLOSING <= most, () -> place + ": " + its.peak());
            assertTrue(its.peak() + CLOSING > LEAST + 1, () -> "no more than the other test allows: " + its.peak());
        });
    }

    /** Brings mirrors to the point where each loop has had work. */
    private Mirrors underLoad(int bound) throws Exception {
        Mirrors mirrors = world.mirrors(builder -> builder.threadsAtMost(bound).each(this::choose));
        world.places().forEach(place -> world.simulator(place).drive(100));
        mirrors.mirrors().values().forEach(ClusterMirror::expectations);
        mirrors.start();
        for (ClusterMirror mirror : mirrors.mirrors().values()) {
            mirror.view().awaitReady(MirroredEcs.LIMIT);
        }
        await(() -> mirrors.status().values().stream()
                .allMatch(status -> status.deliveries().get(DeliveryOutcome.APPLIED) > 100));
        return mirrors;
    }

    private void choose(MirrorPlace place, ClusterMirrorBuilder mirror) {
        mirror.taskDefinitions(TaskDefinitions.referenced())
                .threads(threads.computeIfAbsent(place, each -> new PeakThreads()));
    }

    /** Makes threads that count themselves while they run. */
    private static final class PeakThreads implements ThreadFactory {

        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();
        private final Set<String> kinds = new ConcurrentSkipListSet<>();

        @Override
        public Thread newThread(Runnable work) {
            return Environment.daemon(() -> {
                kinds.add(Thread.currentThread().getName().replaceAll("^css-|-\\d+$", ""));
                peak.accumulateAndGet(running.incrementAndGet(), Math::max);
                try {
                    work.run();
                } finally {
                    running.decrementAndGet();
                }
            });
        }

        int peak() {
            return peak.get();
        }

        Set<String> kinds() {
            return kinds;
        }
    }
}
