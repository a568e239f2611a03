package io.clusterstate.benchmarks;

import java.util.Arrays;

/** A list of durations in nanoseconds. Thread: one thread at a time. */
final class Times {

    private final long[] all;
    private int count;

    Times(int most) {
        all = new long[most];
    }

    void add(long nanos) {
        all[count++] = nanos;
    }

    /** The duration that {@code percent} of a hundred durations do not reach. */
    long percentile(int percent) {
        long[] sorted = Arrays.copyOf(all, count);
        Arrays.sort(sorted);
        return sorted[(int) ((long) count * percent / 100)];
    }
}
