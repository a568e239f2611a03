package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.StoreView;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A program that changes tasks before many subscribers of one view, and prints the costs. Single changes at a steady
 * pace give the lag and the processor time, batches of ten without a pause the rate.
 */
final class SubscriberSweep {

    private static final int TASKS = 10_000;
    private static final int ROUNDS = 4;
    private static final int PACED = 100;
    private static final long PACE_NANOS = 20_000_000;
    private static final int BURST = 1_000;
    private static final int BATCH = 10;
    /** Of so many subscribers, one is concerned in the measurement of filters. */
    private static final int FILTERED = 100;

    private final int subscribers;
    private final MemoryStateStore store = new MemoryStateStore();
    private final StoreView view;
    private final ChangingTasks changing;
    private final double[] lags = new double[ROUNDS];
    private final double[] cpus = new double[ROUNDS];
    private final double[] filteredLags = new double[ROUNDS];
    private final double[] filteredCpus = new double[ROUNDS];
    private final double[] rates = new double[ROUNDS];

    private SubscriberSweep(int subscribers) {
        this.subscribers = subscribers;
        Task[] tasks = new GrowingTasks(TASKS).values();
        store.apply(Stream.of(tasks).map(ViewedStore::change).toList());
        this.view = StoreView.of(store.journal(), new AlwaysReady(), InstantSource.system(), Thread::new);
        this.changing = new ChangingTasks(tasks);
    }

    /** Takes the number of subscribers. */
    public static void main(String[] args) {
        GrowthProgram.run(() -> new SubscriberSweep(Integer.parseInt(args[0])).measure());
    }

    private void measure() {
        for (int round = -1; round < ROUNDS; round++) {
            int at = Math.max(0, round); // the first round only warms up
            paced(at, 1, lags, cpus);
            paced(at, FILTERED, filteredLags, filteredCpus);
            burst(at);
        }
        print(GrowthJob.SUBSCRIBERS_LAG, "css", lags);
        print(GrowthJob.SUBSCRIBERS_LAG, "css, 1 % concerned", filteredLags);
        print(GrowthJob.SUBSCRIBERS_CPU, "css", cpus);
        print(GrowthJob.SUBSCRIBERS_CPU, "css, 1 % concerned", filteredCpus);
        print(GrowthJob.SUBSCRIBERS_RATE, "css", rates);
    }

    private void print(GrowthJob job, String subject, double[] costs) {
        System.out.println(MeasurementJson.write(new Measurement(job, subject, subscribers, Spread.of(costs))));
    }

    /** Of so many subscribers, one is concerned by the changes, and at least one of all. */
    private void paced(int round, int oneOf, double[] ownLags, double[] ownCpus) {
        int concerned = Math.max(1, subscribers / oneOf);
        CountDownLatch left = new CountDownLatch(concerned);
        List<PacedListener> listeners = listeners(concerned, PACED, left);
        List<Subscription> others = Stream.generate(this::unconcerned)
                .limit(subscribers - concerned)
                .toList();
        List<Upsert<Task>> changes = changes(PACED);
        long[] begun = new long[PACED];
        long cpu = FreshJvm.cpu();
        long due = System.nanoTime();
        for (int i = 0; i < PACED; i++) {
            due += PACE_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
            begun[i] = System.nanoTime();
            store.apply(List.of(changes.get(i)));
        }
        Waiting.until(left);
        ownCpus[round] = (double) (FreshJvm.cpu() - cpu) / PACED;
        Times times = new Times(PACED);
        for (int i = 0; i < PACED; i++) {
            times.add(lastHeard(listeners, i) - begun[i]);
        }
        ownLags[round] = times.percentile(99);
        listeners.forEach(PacedListener::close);
        others.forEach(Subscription::cancel);
    }

    /** A subscription to tasks that do not exist. */
    private Subscription unconcerned() {
        return view.subscribe(ChangeListener.builder()
                .liveOnly()
                .tasks(tasks -> tasks.matching(query -> query.family("other")))
                .onBatch(batch -> {
                    throw new IllegalStateException(batch + " (expected: none)");
                })
                .build());
    }

    private List<PacedListener> listeners(int count, int changes, CountDownLatch left) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PacedListener(view, changes, left))
                .toList();
    }

    private List<Upsert<Task>> changes(int count) {
        return changing.next(count).stream().map(ViewedStore::change).toList();
    }

    private static long lastHeard(List<PacedListener> listeners, int change) {
        return listeners.stream()
                .mapToLong(listener -> listener.heardAt(change))
                .max()
                .orElseThrow();
    }

    private void burst(int round) {
        CountDownLatch left = new CountDownLatch(subscribers);
        List<PacedListener> listeners = listeners(subscribers, BURST, left);
        List<Upsert<Task>> changes = changes(BURST);
        long begun = System.nanoTime();
        for (int from = 0; from < BURST; from += BATCH) {
            store.apply(changes.subList(from, from + BATCH));
        }
        Waiting.until(left);
        rates[round] = BURST * 1e9 / (System.nanoTime() - begun);
        listeners.forEach(PacedListener::close);
    }
}
