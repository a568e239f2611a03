package io.clusterstate.benchmarks;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param name what is told
 * @param unit of the value and the baseline
 * @param value what is measured
 * @param baseline beside what; null if the value stands alone
 * @param goal what is to be reached; null if the figure only informs
 */
record Figure(String name, Unit unit, Score value, @Nullable Score baseline, @Nullable Goal goal) {

    /** How a score is told. */
    enum Unit {
        /** As it is. */
        NANOSECONDS("ns"),
        /** As it is. */
        BYTES("B"),
        /** A time in nanoseconds, the other way round. */
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

    /** The scores that it needs. */
    Stream<Score> scores() {
        return Stream.of(value, baseline).filter(score -> score != null);
    }

    /** The line, once its scores are there. */
    String line(Scores scores) {
        double told = unit.of(scores.of(value));
        Double beside = baseline == null ? null : unit.of(scores.of(baseline));
        Double ratio = beside == null ? null : told / beside;
        return FigureJson.of(this, told, beside, ratio);
    }
}
