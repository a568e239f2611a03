package io.clusterstate.benchmarks.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** Writes numbers shortly, with a prefix where it saves digits. */
public final class Numbers {

    private static final List<String> THOUSANDS = List.of("", "k", "M", "G");
    private static final List<String> NANOSECONDS = List.of(" ns", " µs", " ms", " s");
    private static final List<String> BYTES = List.of(" B", " KB", " MB", " GB");

    private Numbers() {}

    /**
     * A count.
     *
     * @param value the count
     * @return such as {@code 10k}
     */
    public static String of(double value) {
        return scaled(value, THOUSANDS);
    }

    /**
     * A value with its unit.
     *
     * @param value the value
     * @param unit the unit, such as {@code ns}, {@code B} or {@code MB}
     * @return such as {@code 1.5 µs}
     */
    public static String of(double value, String unit) {
        return switch (unit) {
            case "ns" -> scaled(value, NANOSECONDS);
            case "B" -> scaled(value, BYTES);
            case "1/s" -> scaled(value, THOUSANDS) + "/s";
            default -> rounded(value) + " " + unit;
        };
    }

    private static String scaled(double value, List<String> units) {
        double rest = value;
        int unit = 0;
        while (new BigDecimal(rest).round(new MathContext(3)).doubleValue() >= 1_000 && unit < units.size() - 1) {
            rest /= 1_000;
            unit++;
        }
        return rounded(rest) + units.get(unit);
    }

    private static String rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(value >= 1_000 ? 4 : 3));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
