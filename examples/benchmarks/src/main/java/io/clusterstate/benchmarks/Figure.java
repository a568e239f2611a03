package io.clusterstate.benchmarks;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A line of the report.
 *
 * @param name the name, such as {@code lookup.beside-map}
 * @param unit the unit of the value and of the baseline
 * @param value the measured score
 * @param baseline the score that the value is divided by; null if the value stands alone
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
        double told = unit.of(scores.of(value));
        Double beside = baseline == null ? null : unit.of(scores.of(baseline));
        Double ratio = beside == null ? null : told / beside;
        return FigureJson.of(this, told, beside, ratio);
    }
}
