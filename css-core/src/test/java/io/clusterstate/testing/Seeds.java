package io.clusterstate.testing;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a random test with many seeds. A failure names its seed; {@code -Dcss.seed=…} runs the test with that seed
 * alone.
 */
public final class Seeds {

    private static final String PROPERTY = "css.seed";

    private Seeds() {}

    /**
     * Runs a test with fresh seeds, or with the given one.
     *
     * @param times the number of seeds
     * @param test a test that draws everything random from its argument
     */
    public static void forEach(int times, Consumer<Random> test) {
        Long given = Long.getLong(PROPERTY);
        if (given != null) {
            run(given, test);
            return;
        }
        long first = System.nanoTime();
        for (int i = 0; i < times; i++) {
            run(first + i, test);
        }
    }

    private static void run(long seed, Consumer<Random> test) {
        try {
            test.accept(new Random(seed));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " (repeat with -D" + PROPERTY + "=" + seed + "): " + e, e);
        }
    }
}
