package io.clusterstate.benchmarks;

import java.util.Arrays;

/** Durations in nanoseconds, added by one thread. */
final class Times {

    private final long[] all;
    private int count;

    Times(int most) {
        all = new long[most];
    }

    void add(long nanos) {
        all[count++] = nanos;
    }

    /** That of which so many of a hundred are shorter. */
    long percentile(int percent) {
        long[] sorted = Arrays.copyOf(all, count);
        Arrays.sort(sorted);
        return sorted[(int) ((long) count * percent / 100)];
    }
}
