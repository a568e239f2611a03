package io.clusterstate.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A line of the report.
 *
 * @param name the name, such as {@code lookup.beside-map}
 * @param unit the unit of the value and of the baseline
 * @param value the measured score
 * @param baseline the score that the value is divided by, of the same iteration; null if the value stands alone
 * @param goal the goal; null if the figure only informs
 */
record Figure(String name, Unit unit, Score value, @Nullable Score baseline, @Nullable Goal goal) {

    /** The conversion from a score to the printed number. */
    enum Unit {
        /** Nanoseconds, unchanged. */
        NANOSECONDS("ns"),
        /** Bytes, unchanged. */
        BYTES("B"),
        /** Operations a second, from a time in nanoseconds. */
        PER_SECOND("1/s");

        private final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }

        double of(double score) {
            return this == PER_SECOND ? 1e9 / score : score;
        }

        @Override
        public String toString() {
            return symbol;
        }
    }

    /**
     * The medians and ranges over the iterations of a figure.
     *
     * @param value the measured value
     * @param baseline the baseline; null if there is none
     * @param ratio the value divided by the baseline, pair by pair; null if there is no baseline
     */
    record Result(Spread value, @Nullable Spread baseline, @Nullable Spread ratio) {}

    static Figure beside(Score baseline, String name, Unit unit, Score value, @Nullable Goal goal) {
        return new Figure(name, unit, value, baseline, goal);
    }

    static Figure alone(String name, Unit unit, Score value, @Nullable Goal goal) {
        return new Figure(name, unit, value, null, goal);
    }

    /** The scores that the figure needs. */
    Stream<Score> scores() {
        return Stream.of(value, baseline).filter(score -> score != null);
    }

    /** The line of the report; its scores must be known. */
    String line(Scores scores) {
        return FigureJson.of(this, result(scores));
    }

    private Result result(Scores scores) {
        double[] values = convert(scores.of(value));
        if (baseline == null) {
            return new Result(Spread.of(values), null, null);
        }
        double[] bases = convert(scores.of(baseline));
        double[] ratios = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] / bases[i])
                .toArray();
        return new Result(Spread.of(values), Spread.of(bases), Spread.of(ratios));
    }

    private double[] convert(double[] measured) {
        return Arrays.stream(measured).map(unit::of).toArray();
    }
}
