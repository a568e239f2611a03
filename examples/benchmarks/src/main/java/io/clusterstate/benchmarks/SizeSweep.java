package io.clusterstate.benchmarks;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A program that measures the jobs of one process at one size, and prints the measurements. The library and the caches
 * of two Kubernetes clients hold the same tasks. Times are the processor time of the thread, with collections.
 */
final class SizeSweep {

    private static final int LOOKUPS = 100_000;
    private static final int QUERIES = 200;
    private static final int LOOKS = 200;
    /** The number of changes, or of found tasks, in a repetition; enough for the clock, few enough for the time. */
    private static final int CHANGES = 1_000;
    /** The measure of the heap errs by some megabytes, which fewer tasks do not exceed. */
    private static final int LEAST_FOR_HEAP = 10_000;

    private final Blackhole sink = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");
    private final Set<GrowthJob> jobs;
    private final int size;
    private final Task[] values;
    private final LookupKeys keys;
    private final ViewedStore css = new ViewedStore();
    private final List<TaskCache> all = List.of(css, CacheKind.FABRIC8.open(), CacheKind.OFFICIAL.open());

    private SizeSweep(int size, Set<GrowthJob> jobs) {
        this.size = size;
        this.jobs = jobs;
        loadClasses();
        GrowingTasks tasks = new GrowingTasks(size);
        UsedHeap heap = new UsedHeap();
        this.values = tasks.values();
        double alone = heap.added();
        for (TaskCache cache : all) {
            fill(cache, values);
            printHeap(cache.name(), alone + heap.added());
        }
        printHeap("the tasks alone", alone);
        this.keys = tasks.keys();
    }

    private void printHeap(String subject, double bytes) {
        if (size >= LEAST_FOR_HEAP) {
            print(Measurement.once(GrowthJob.HEAP, subject, size, bytes / size));
        }
    }

    /** Takes the size, and the jobs. */
    public static void main(String[] args) {
        Set<GrowthJob> jobs = Arrays.stream(args)
                .skip(1)
                .map(GrowthJob::of)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(GrowthJob.class)));
        new SizeSweep(Integer.parseInt(args[0]), jobs).measure();
    }

    /** Fills caches that nobody uses, so that classes and pools are not counted as the heap of tasks. */
    private static void loadClasses() {
        Task[] some = new GrowingTasks(1_000).values();
        Stream.of(new ViewedStore(), new Fabric8Cache(), new OfficialCache()).forEach(cache -> fill(cache, some));
    }

    private static void fill(TaskCache cache, Task[] tasks) {
        for (Task task : tasks) {
            cache.putting(task).run();
        }
    }

    private void print(Measurement measurement) {
        if (jobs.contains(measurement.job())) {
            System.out.println(MeasurementJson.write(measurement));
        }
    }

    private void measure() {
        forEachCache(GrowthJob.QUERY_FEW, cache -> () -> queries(cache, "PENDING", GrowingTasks.PENDING, 1));
        forEachCache(GrowthJob.QUERY_SHARE, cache -> () -> queries(cache, "DEACTIVATING", size / 100, size / 100));
        if (jobs.contains(GrowthJob.LOOKUP)) {
            lookups();
        }
        forEachCache(GrowthJob.INITIAL, cache -> () -> nanos(() -> cache.list(sink::consume), size));
        each(GrowthJob.HOUSEKEEPING, () -> nanos(this::lookForEnded, LOOKS));
        forEachCache(GrowthJob.PUBLISH, cache -> publications(cache, new ChangingTasks(values)));
        each(GrowthJob.BATCH_100, batches(100));
        each(GrowthJob.BATCH_1000, batches(1_000));
        if (jobs.contains(GrowthJob.RESET)) {
            resets();
        }
    }

    private void forEachCache(GrowthJob job, Function<TaskCache, DoubleSupplier> work) {
        if (jobs.contains(job)) {
            Repetitions repetitions = new Repetitions(job, size);
            all.forEach(cache -> repetitions.add(cache.name(), work.apply(cache)));
            repetitions.print();
        }
    }

    private void each(GrowthJob job, DoubleSupplier work) {
        if (jobs.contains(job)) {
            new Repetitions(job, size).add(css.name(), work).print();
        }
    }

    private static double nanos(Runnable work, int times) {
        return (double) Cost.of(work).nanos() / times;
    }

    private void lookups() {
        Map<String, Task> map = Stream.of(values)
                .collect(Collectors.toMap(Task::taskArn, task -> task, (a, b) -> a, ConcurrentHashMap::new));
        Repetitions repetitions = new Repetitions(GrowthJob.LOOKUP, size);
        all.forEach(cache -> repetitions.add(cache.name(), () -> nanos(() -> lookUp(cache::get), LOOKUPS)));
        repetitions.add("css, in a snapshot", () -> nanos(this::lookUpInSnapshot, LOOKUPS));
        repetitions.add("ConcurrentHashMap", () -> nanos(() -> lookUp(map::get), LOOKUPS));
        repetitions.print();
    }

    private void lookUpInSnapshot() {
        lookUp(css.view().snapshot()::task);
    }

    private void lookUp(Function<String, @Nullable Object> lookup) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(lookup.apply(keys.next()));
        }
    }

    /** The cost of a query, or of one of the tasks that it finds. */
    private double queries(TaskCache cache, String status, int found, int divisor) {
        int times = Math.max(1, Math.min(QUERIES, QUERIES * CHANGES / found));
        return nanos(
                () -> {
                    for (int i = 0; i < times; i++) {
                        requireFound(cache.find(status), found);
                    }
                },
                times * divisor);
    }

    private static void requireFound(int found, int expected) {
        if (found != expected) {
            throw new IllegalStateException("found: " + found + " tasks (expected: " + expected + ")");
        }
    }

    private void lookForEnded() {
        for (int i = 0; i < LOOKS; i++) {
            requireFound(css.store().expire().size(), 0);
        }
    }

    private static DoubleSupplier publications(TaskCache cache, ChangingTasks changing) {
        return () -> {
            List<Runnable> puts =
                    changing.next(CHANGES).stream().map(cache::putting).toList();
            return nanos(() -> puts.forEach(Runnable::run), CHANGES);
        };
    }

    private DoubleSupplier batches(int together) {
        ChangingTasks changing = changingAgain();
        return () -> {
            List<Runnable> puts = Stream.generate(() -> css.putting(changing.next(together)))
                    .limit(2 * CHANGES / together)
                    .toList();
            return nanos(() -> puts.forEach(Runnable::run), 2 * CHANGES);
        };
    }

    /** The tasks as the store holds them by now. */
    private ChangingTasks changingAgain() {
        return new ChangingTasks(Stream.of(values)
                .map(Task::taskArn)
                .map(arn -> css.view().task(arn).orElseThrow())
                .toArray(Task[]::new));
    }

    private void resets() {
        ChangingTasks changing = changingAgain();
        int changes = size / 100;
        AtomicInteger told = new AtomicInteger();
        css.subscribe(change -> told.incrementAndGet());
        css.catchUp();
        each(GrowthJob.RESET, () -> {
            css.putting(changing.next(changes)).run();
            css.view().reset();
            told.set(0);
            double cost = nanos(css::catchUp, changes);
            requireFound(told.get(), changes);
            return cost;
        });
    }
}
