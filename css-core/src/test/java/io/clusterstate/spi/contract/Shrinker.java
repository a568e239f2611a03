package io.clusterstate.spi.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Shortens failing histories. */
final class Shrinker {

    private Shrinker() {}

    /** A part of a failing list that still fails, and passes without any one of its elements. */
    static <E> List<E> shrink(List<E> failing, Predicate<List<E>> fails) {
        List<E> shortest = failing;
        int part = Math.max(1, failing.size() / 2);
        while (true) {
            List<E> shorter = without(shortest, part, fails);
            if (shorter.size() == shortest.size() && part == 1) {
                return shortest;
            }
            part = shorter.size() == shortest.size() ? part / 2 : Math.min(part, Math.max(1, shorter.size() / 2));
            shortest = shorter;
        }
    }

    /** Leaves out the first run of {@code part} elements that the failure does not need. */
    private static <E> List<E> without(List<E> failing, int part, Predicate<List<E>> fails) {
        for (int from = 0; from < failing.size(); from += part) {
            List<E> shorter = new ArrayList<>(failing);
            shorter.subList(from, Math.min(failing.size(), from + part)).clear();
            if (!shorter.isEmpty() && fails.test(shorter)) {
                return shorter;
            }
        }
        return failing;
    }
}
