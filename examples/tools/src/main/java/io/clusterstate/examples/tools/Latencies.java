package io.clusterstate.examples.tools;

import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The response times of answers.
 *
 * <p>Thread: safe for any thread.
 */
final class Latencies {

    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

    void add(long taken) {
        nanos.add(taken);
    }

    String words() {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%,d answers, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, most %.1f ms",
                sorted.length,
                millisAt(sorted, 0.5),
                millisAt(sorted, 0.99),
                millisAt(sorted, 0.999),
                millisAt(sorted, 1));
    }

    private static double millisAt(long[] sorted, double part) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.ceil(part * sorted.length) - 1] / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
