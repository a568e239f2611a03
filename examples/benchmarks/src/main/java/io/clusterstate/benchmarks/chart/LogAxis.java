package io.clusterstate.benchmarks.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A logarithmic axis.
 *
 * @param least the value at its beginning
 * @param most the value at its end
 * @param from the place of its beginning
 * @param to the place of its end
 */
record LogAxis(double least, double most, double from, double to) {

    private static final int FEW = 3;
    private static final double[] STEPS = {1, 2, 5};
    private static final double ROUNDING = 1e-9;

    /** An axis that begins and ends at a tick, and covers all values. */
    static LogAxis over(double[] values, double from, double to) {
        double least = tickAtMost(Arrays.stream(values).min().orElseThrow());
        double most = tickAtLeast(Arrays.stream(values).max().orElseThrow());
        return new LogAxis(least, most > least ? most : tickAtLeast(least * 1.5), from, to);
    }

    private static double tickAtMost(double value) {
        double decade = decade(value);
        double tick = decade;
        for (double step : STEPS) {
            if (step * decade <= value * (1 + ROUNDING)) {
                tick = step * decade;
            }
        }
        return tick;
    }

    private static double tickAtLeast(double value) {
        double decade = decade(value);
        return Arrays.stream(STEPS)
                .map(step -> step * decade)
                .filter(tick -> tick >= value * (1 - ROUNDING))
                .findFirst()
                .orElse(10 * decade);
    }

    private static double decade(double value) {
        return Math.pow(10, Math.floor(Math.log10(value) + ROUNDING));
    }

    /** The place of a value. */
    double place(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }

    /** The values with a label: the powers of ten; with 2 and 5 times each, if there are few. */
    List<Double> ticks() {
        List<Double> tens = ticks(1);
        return tens.size() > FEW ? tens : ticks(STEPS.length);
    }

    private List<Double> ticks(int steps) {
        List<Double> ticks = new ArrayList<>();
        for (double decade = decade(least); decade <= most * (1 + ROUNDING); decade *= 10) {
            for (double step : Arrays.copyOf(STEPS, steps)) {
                double tick = step * decade;
                if (tick >= least * (1 - ROUNDING) && tick <= most * (1 + ROUNDING)) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
