package io.clusterstate.benchmarks.chart;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Curves over a common axis. Both axes are logarithmic, so every value must be above 0.
 *
 * @param title the title
 * @param description the words for a reader who does not see the chart
 * @param across the label of the horizontal axis
 * @param up the label of the vertical axis
 * @param unit makes the label of a number on the vertical axis
 * @param curves the curves, at least one; none is empty
 */
public record Chart(
        String title, String description, String across, String up, DoubleFunction<String> unit, List<Curve> curves) {

    /**
     * A curve.
     *
     * @param name the name that stands at its end
     * @param points the points, from left to right
     */
    public record Curve(String name, List<Point> points) {}

    /**
     * A point with its range.
     *
     * @param x the place on the horizontal axis
     * @param low the lower end of the range
     * @param middle the place on the vertical axis
     * @param high the upper end of the range
     */
    public record Point(double x, double low, double middle, double high) {}

    /** Checks the values. */
    public Chart {
        curves = List.copyOf(curves);
        if (curves.isEmpty() || curves.stream().anyMatch(curve -> curve.points().isEmpty())) {
            throw new IllegalArgumentException("curves: " + curves + " (expected: at least one, none empty)");
        }
        double least = curves.stream()
                .flatMap(curve -> curve.points().stream())
                .flatMapToDouble(point -> DoubleStream.of(point.x(), point.low(), point.middle(), point.high()))
                .min()
                .orElseThrow();
        if (!(least > 0)) {
            throw new IllegalArgumentException("value: " + least + " (expected: above 0, for a logarithmic axis)");
        }
    }

    LogAxis horizontal(double from, double to) {
        return LogAxis.over(points().mapToDouble(Point::x).toArray(), from, to);
    }

    LogAxis vertical(double from, double to) {
        return LogAxis.over(
                points().flatMapToDouble(point -> DoubleStream.of(point.low(), point.high()))
                        .toArray(),
                from,
                to);
    }

    private Stream<Point> points() {
        return curves.stream().flatMap(curve -> curve.points().stream());
    }
}
