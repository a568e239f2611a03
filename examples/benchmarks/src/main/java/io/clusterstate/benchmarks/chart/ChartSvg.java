package io.clusterstate.benchmarks.chart;

import io.clusterstate.benchmarks.chart.Chart.Curve;
import io.clusterstate.benchmarks.chart.Chart.Point;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws a chart as SVG, always with the same text for the same chart. The ground is transparent, and the colours are
 * readable on light and on dark pages. Curves also differ by their dashes, and each has its name at its end.
 *
 * <p>Thread: one thread at a time.
 */
public final class ChartSvg {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = WIDTH - 190;
    private static final int TOP = 44;
    private static final int BOTTOM = HEIGHT - 54;
    private static final int CAP = 4;
    private static final List<String> DASHES = List.of("none", "7 3", "2 3", "9 3 2 3", "12 4", "4 2");
    private static final String STYLE =
            """
            svg { color: #24292f; font: 13px sans-serif }
            text { fill: currentColor }
            .title { font-size: 15px; font-weight: bold }
            .axis { stroke: currentColor; stroke-width: 1 }
            .grid { stroke: currentColor; stroke-width: 1; opacity: 0.2 }
            .c0 { color: #0969da } .c1 { color: #bc4c00 } .c2 { color: #1a7f37 }
            .c3 { color: #8250df } .c4 { color: #6e7781 } .c5 { color: #bf3989 }
            polyline, .range { stroke: currentColor; stroke-width: 2; fill: none }
            .range { stroke-width: 1.5 }
            circle { fill: currentColor }
            @media (prefers-color-scheme: dark) {
              svg { color: #e6edf3 }
              .c0 { color: #58a6ff } .c1 { color: #f0883e } .c2 { color: #3fb950 }
              .c3 { color: #bc8cff } .c4 { color: #9da7b1 } .c5 { color: #f778ba }
            }
            """;

    private final Chart chart;
    private final LogAxis across;
    private final LogAxis up;
    private final StringBuilder out = new StringBuilder();

    private ChartSvg(Chart chart) {
        this.chart = chart;
        this.across = chart.horizontal(LEFT, RIGHT);
        this.up = chart.vertical(BOTTOM, TOP);
    }

    /**
     * Draws a chart.
     *
     * @param chart the chart
     * @return the text of an SVG file
     */
    public static String of(Chart chart) {
        return new ChartSvg(chart).draw();
    }

    private String draw() {
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                        + "aria-labelledby=\"title description\">",
                WIDTH, HEIGHT);
        line("<title id=\"title\">%s</title>", escaped(chart.title()));
        line("<desc id=\"description\">%s</desc>", escaped(chart.description()));
        line("<style>\n%s</style>", STYLE);
        line("<text class=\"title\" x=\"%d\" y=\"20\">%s</text>", LEFT, escaped(chart.title()));
        drawHorizontal();
        drawVertical();
        List<Integer> names = NameRows.of(
                chart.curves().stream()
                        .map(curve -> up.place(last(curve).middle()))
                        .toList(),
                TOP,
                BOTTOM);
        for (int i = 0; i < chart.curves().size(); i++) {
            drawCurve(i, names.get(i));
        }
        line("</svg>");
        return out.toString();
    }

    private void drawHorizontal() {
        line("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, BOTTOM, RIGHT, BOTTOM);
        for (double tick : across.ticks()) {
            double x = across.place(tick);
            line("<line class=\"axis\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, BOTTOM, x, BOTTOM + CAP);
            line("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, BOTTOM + 20, Numbers.of(tick));
        }
        line(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                (LEFT + RIGHT) / 2, BOTTOM + 42, escaped(chart.across()));
    }

    private void drawVertical() {
        line("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, TOP, LEFT, BOTTOM);
        for (double tick : up.ticks()) {
            double y = up.place(tick);
            line("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, RIGHT, y);
            line(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y + CAP, escaped(chart.unit().apply(tick)));
        }
        line("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, TOP - 8, escaped(chart.up()));
    }

    private void drawCurve(int number, int nameRow) {
        Curve curve = chart.curves().get(number);
        String places = curve.points().stream()
                .map(point -> format("%.1f,%.1f", across.place(point.x()), up.place(point.middle())))
                .collect(Collectors.joining(" "));
        line("<g class=\"c%d\">", number % DASHES.size());
        line("<polyline stroke-dasharray=\"%s\" points=\"%s\"/>", DASHES.get(number % DASHES.size()), places);
        curve.points().forEach(this::drawPoint);
        line("<text x=\"%d\" y=\"%d\">%s</text>", RIGHT + 12, nameRow + CAP, escaped(curve.name()));
        line("</g>");
    }

    private void drawPoint(Point point) {
        double x = across.place(point.x());
        double low = up.place(point.low());
        double high = up.place(point.high());
        line("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x, up.place(point.middle()));
        line(
                "<path class=\"range\" d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1fM%.1f %.1fH%.1f\"/>",
                x - CAP, low, x + CAP, x, low, high, x - CAP, high, x + CAP);
    }

    private static Point last(Curve curve) {
        return curve.points().get(curve.points().size() - 1);
    }

    private void line(String format, Object... values) {
        out.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
