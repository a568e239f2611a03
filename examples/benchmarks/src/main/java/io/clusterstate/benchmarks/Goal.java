package io.clusterstate.benchmarks;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param of what is judged
 * @param isUpper whether the limit is the most, or the least
 * @param limit the last value that is met
 */
record Goal(Of of, boolean isUpper, double limit) {

    /** What is judged. */
    enum Of {
        /** The value over the baseline, both of one run. */
        RATIO,
        /** The value itself. */
        VALUE
    }

    static Goal ratioAtMost(double limit) {
        return new Goal(Of.RATIO, true, limit);
    }

    static Goal valueAtLeast(double limit) {
        return new Goal(Of.VALUE, false, limit);
    }

    static Goal valueAtMost(double limit) {
        return new Goal(Of.VALUE, true, limit);
    }

    boolean isMet(double value, double ratio) {
        double judged = of == Of.RATIO ? ratio : value;
        return isUpper ? judged <= limit : judged >= limit;
    }

    @Override
    public String toString() {
        return of.name().toLowerCase(Locale.ROOT) + (isUpper ? " <= " : " >= ") + limit;
    }
}
