package io.clusterstate.benchmarks;

import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that stand for a mirror's pollers. Each decodes and applies ten events at a time. */
final class Pollers {

    private static final int THREADS = 8;
    private static final int BATCH = 10;
    static final int EVENTS = 8_000;
    /** The number of the first new task, beyond all loaded ones. */
    private static final int FIRST = 1_000_000;

    private Pollers() {}

    /** Brings new tasks to RUNNING, and returns the nanoseconds for each event. */
    static long ingest(TaskSamples samples, StateStore store, int round) throws InterruptedException {
        List<String> events = new ArrayList<>(EVENTS);
        List<TaskStatus> rungs =
                List.of(TaskStatus.PROVISIONING, TaskStatus.PENDING, TaskStatus.ACTIVATING, TaskStatus.RUNNING);
        int each = EVENTS / rungs.size();
        for (TaskStatus status : rungs) {
            for (int i = 0; i < each; i++) {
                events.add(samples.event(FIRST + round * each + i, status));
            }
        }
        AtomicInteger next = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(THREADS);
        long begun = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> {
                        work(events, store, next);
                        left.countDown();
                    })
                    .start();
        }
        left.await();
        return (System.nanoTime() - begun) / events.size();
    }

    private static void work(List<String> events, StateStore store, AtomicInteger next) {
        for (int from = next.getAndAdd(BATCH); from < events.size(); from = next.getAndAdd(BATCH)) {
            List<Upsert<?>> changes = new ArrayList<>(BATCH);
            for (String event : events.subList(from, Math.min(events.size(), from + BATCH))) {
                changes.add(SampleChanges.of(event));
            }
            store.apply(changes);
        }
    }
}
