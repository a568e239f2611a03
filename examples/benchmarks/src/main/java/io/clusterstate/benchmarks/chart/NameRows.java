package io.clusterstate.benchmarks.chart;

import java.util.List;
import java.util.stream.IntStream;

/** Rows for the names of curves, near their ends and so far apart that none covers another. */
final class NameRows {

    private static final int APART = 16;

    private NameRows() {}

    /** The rows for names that would best stand at these places, between a top and a bottom. */
    static List<Integer> of(List<Double> places, int top, int bottom) {
        int[] order = IntStream.range(0, places.size())
                .boxed()
                .sorted((a, b) -> Double.compare(places.get(a), places.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] rows = new int[order.length];
        int free = top;
        for (int i = 0; i < order.length; i++) {
            int below = bottom - APART * (order.length - 1 - i);
            int row = Math.max(free, Math.min(below, (int) Math.round(places.get(order[i]))));
            rows[order[i]] = row;
            free = row + APART;
        }
        return IntStream.of(rows).boxed().toList();
    }
}
