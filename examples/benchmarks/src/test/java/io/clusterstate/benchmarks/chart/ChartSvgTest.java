package io.clusterstate.benchmarks.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.benchmarks.chart.Chart.Curve;
import io.clusterstate.benchmarks.chart.Chart.Point;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartSvgTest {

    private static final Curve LEVEL = new Curve("level & <calm>", List.of(point(1_000, 10), point(1_000_000, 10)));
    private static final Curve STEEP =
            new Curve("steep", List.of(point(1_000, 10), point(10_000, 100), point(1_000_000, 10_000)));

    private static Point point(double x, double y) {
        return new Point(x, y * 0.9, y, y * 1.1);
    }

    private static Chart chart(Curve... curves) {
        return new Chart("Cost > 0", "a & b", "tasks", "time", value -> Numbers.of(value, "ns"), List.of(curves));
    }

    @Test
    void aChartIsXmlWithTitleDescriptionAndACurveForEachSubject() throws Exception {
        Element svg = parse(ChartSvg.of(chart(LEVEL, STEEP)));

        assertEquals("svg", svg.getTagName());
        assertEquals("Cost > 0", text(svg, "title", 0));
        assertEquals("a & b", text(svg, "desc", 0));
        assertEquals(2, svg.getElementsByTagName("polyline").getLength());
        assertEquals(5, svg.getElementsByTagName("circle").getLength());
        assertEquals(5, svg.getElementsByTagName("path").getLength());
        assertTrue(texts(svg).containsAll(List.of("level & <calm>", "steep", "tasks", "time")));
    }

    @Test
    void ticksAreThePowersOfTenWithUnits() throws Exception {
        List<String> texts = texts(parse(ChartSvg.of(chart(LEVEL, STEEP))));

        assertTrue(texts.containsAll(List.of("1k", "10k", "100k", "1M")), texts::toString);
        assertTrue(texts.containsAll(List.of("10 ns", "100 ns", "1 µs", "10 µs")), texts::toString);
    }

    @Test
    void aStraightLineOnLogarithmicAxesIsAPowerLaw() throws Exception {
        Element line = (Element) parse(ChartSvg.of(chart(STEEP)))
                .getElementsByTagName("polyline")
                .item(0);
        double[][] places = IntStream.range(0, 3)
                .mapToObj(i -> line.getAttribute("points").split(" ", -1)[i].split(",", -1))
                .map(pair -> new double[] {Double.parseDouble(pair[0]), Double.parseDouble(pair[1])})
                .toArray(double[][]::new);

        double firstSlope = (places[1][1] - places[0][1]) / (places[1][0] - places[0][0]);
        double wholeSlope = (places[2][1] - places[0][1]) / (places[2][0] - places[0][0]);
        assertEquals(wholeSlope, firstSlope, 0.01);
        assertTrue(wholeSlope < 0, "larger values stand higher");
    }

    @Test
    void anEqualChartIsAnEqualText() {
        assertEquals(ChartSvg.of(chart(LEVEL, STEEP)), ChartSvg.of(chart(LEVEL, STEEP)));
    }

    @Test
    void namesOfCurvesThatEndTogetherStandApartAndInside() {
        List<Integer> rows = NameRows.of(List.of(300.0, 299.0, 301.0, 50.0), 40, 310);

        List<Integer> sorted = rows.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertTrue(sorted.get(i) - sorted.get(i - 1) >= 16, rows::toString);
        }
        assertTrue(sorted.get(0) >= 40 && sorted.get(3) <= 310, rows::toString);
        assertTrue(rows.get(1) < rows.get(0) && rows.get(0) < rows.get(2), "the order is that of the curves");
    }

    @Test
    void aChartWithoutCurvesOrWithAZeroIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> chart());
        assertThrows(IllegalArgumentException.class, () -> chart(new Curve("zero", List.of(new Point(1, 0, 1, 1)))));
    }

    private static Element parse(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static String text(Element svg, String tag, int index) {
        return svg.getElementsByTagName(tag).item(index).getTextContent();
    }

    private static List<String> texts(Element svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
    }
}
