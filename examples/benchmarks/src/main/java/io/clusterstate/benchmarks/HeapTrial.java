package io.clusterstate.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A program that ends well if its heap holds a number of tasks. It fills a cache, gives all tasks to a listener, and
 * makes a thousand further changes. It ends with an error once collections take more than a quarter of the time.
 */
final class HeapTrial {

    /** The exit code after too much time in collections. */
    static final int THRASHED = 4;

    private static final int TOGETHER = 1_000;
    private static final int CHANGES = 1_000;
    private static final int LEAST_MILLIS = 1_000;

    private final GrowingTasks tasks;
    private final TaskCache cache;
    private final int size;
    private final AtomicLong heard = new AtomicLong();

    private HeapTrial(TaskCache cache, int size) {
        this.cache = cache;
        this.size = size;
        this.tasks = new GrowingTasks(size);
    }

    /** Takes the name of a {@link CacheKind}, and the number of tasks. */
    public static void main(String[] args) {
        new HeapTrial(CacheKind.valueOf(args[0]).open(), Integer.parseInt(args[1])).run();
    }

    private void run() {
        for (int from = 0; from < size; from += TOGETHER) {
            put(from, Math.min(from + TOGETHER, size));
            endIfThrashing();
        }
        cache.list(each -> heard.incrementAndGet());
        for (int i = 0; i < CHANGES; i++) {
            cache.putting(changed(i % size)).run();
        }
        endIfThrashing();
        if (heard.get() < size) {
            throw new IllegalStateException("listed: " + heard + " tasks (expected: " + size + ")");
        }
        Runtime.getRuntime().halt(0);
    }

    private void put(int from, int to) {
        Task[] some =
                IntStream.range(from, to).parallel().mapToObj(tasks::value).toArray(Task[]::new);
        for (Task task : some) {
            cache.putting(task).run();
        }
    }

    private Task changed(int number) {
        Task known = tasks.value(number);
        return known.toBuilder()
                .lastStatus("STOPPING")
                .version(known.version() + 10)
                .build();
    }

    private static void endIfThrashing() {
        long up = ManagementFactory.getRuntimeMXBean().getUptime();
        long collecting = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        if (up > LEAST_MILLIS && collecting * 4 > up) {
            Runtime.getRuntime().halt(THRASHED);
        }
    }
}
