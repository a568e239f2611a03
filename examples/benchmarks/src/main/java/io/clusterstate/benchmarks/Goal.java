package io.clusterstate.benchmarks;

import java.util.Locale;

/**
 * The goal of a figure.
 *
 * @param of the number that the limit applies to
 * @param isUpper whether the limit is an upper one
 * @param limit the limit, which itself meets the goal
 */
record Goal(Of of, boolean isUpper, double limit) {

    /** The number that a limit applies to; its median decides. */
    enum Of {
        /** The value divided by the baseline of the same iteration. */
        RATIO,
        /** The measured value. */
        VALUE
    }

    static Goal ratioAtMost(double limit) {
        return new Goal(Of.RATIO, true, limit);
    }

    static Goal ratioAtLeast(double limit) {
        return new Goal(Of.RATIO, false, limit);
    }

    static Goal valueAtLeast(double limit) {
        return new Goal(Of.VALUE, false, limit);
    }

    static Goal valueAtMost(double limit) {
        return new Goal(Of.VALUE, true, limit);
    }

    /** Whether the median meets the goal. */
    boolean isMet(Figure.Result result) {
        Spread ratio = result.ratio();
        double judged = of == Of.VALUE ? result.value().median() : ratio == null ? Double.NaN : ratio.median();
        return isUpper ? judged <= limit : judged >= limit;
    }

    @Override
    public String toString() {
        return of.name().toLowerCase(Locale.ROOT) + (isUpper ? " <= " : " >= ") + limit;
    }
}
