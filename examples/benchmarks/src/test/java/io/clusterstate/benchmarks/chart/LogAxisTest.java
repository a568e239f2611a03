package io.clusterstate.benchmarks.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogAxisTest {

    @Test
    void anAxisBeginsAndEndsAtTicksAroundAllValues() {
        LogAxis axis = LogAxis.over(new double[] {230, 34}, 0, 100);

        assertEquals(20, axis.least(), 1e-9);
        assertEquals(500, axis.most(), 1e-9);
        assertEquals(0, axis.place(20), 1e-9);
        assertEquals(100, axis.place(500), 1e-9);
        assertEquals(List.of(20.0, 50.0, 100.0, 200.0, 500.0), axis.ticks());
    }

    @Test
    void aPowerOfTenIsATickOfItsOwn() {
        LogAxis axis = LogAxis.over(new double[] {1_000, 1_000_000}, 0, 90);

        assertEquals(1_000, axis.least(), 1e-6);
        assertEquals(1_000_000, axis.most(), 1e-3);
        assertEquals(30, axis.place(10_000), 1e-9);
        assertEquals(4, axis.ticks().size());
    }

    @Test
    void aSingleValueStillHasAnAxis() {
        LogAxis axis = LogAxis.over(new double[] {1}, 0, 100);

        assertTrue(axis.most() > axis.least(), axis::toString);
        assertEquals(0, axis.place(1), 1e-9);
    }

    @Test
    void numbersAreShort() {
        assertEquals("999 ns", Numbers.of(999, "ns"));
        assertEquals("1 µs", Numbers.of(999.9, "ns"));
        assertEquals("1.23 ms", Numbers.of(1_234_000, "ns"));
        assertEquals("2.05 KB", Numbers.of(2_053, "B"));
        assertEquals("4.5k/s", Numbers.of(4_500, "1/s"));
        assertEquals("2384 MB", Numbers.of(2_384, "MB"));
        assertEquals("0.29 ×", Numbers.of(0.29, "×"));
        assertEquals("100k", Numbers.of(100_000));
    }
}
