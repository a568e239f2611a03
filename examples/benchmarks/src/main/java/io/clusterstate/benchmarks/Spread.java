package io.clusterstate.benchmarks;

import java.util.Arrays;

/**
 * The middle of some measurements, and the range that eight of ten keep to.
 *
 * @param p10 the measurement below which a tenth lies
 * @param median the middle
 * @param p90 the measurement above which a tenth lies
 */
record Spread(double p10, double median, double p90) {

    static Spread of(double... measured) {
        double[] sorted = measured.clone();
        Arrays.sort(sorted);
        return new Spread(at(sorted, 0.1), at(sorted, 0.5), at(sorted, 0.9));
    }

    /** Between two measurements it interpolates. */
    private static double at(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
