package io.clusterstate.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds the least heap in which a {@link HeapTrial} ends well, to 10 %. It runs the trial in JVMs with the default
 * collector of servers, G1, and halves the range of heaps that are left.
 *
 * @param cache the cache that holds the tasks
 * @param size the number of tasks
 */
record LeastHeap(CacheKind cache, int size) {

    private static final double PRECISION = 1.1;
    private static final int BYTES_IN_MB = 1 << 20;
    /** Bytes of a task; many tasks alone need more, and few tasks less than the JVM itself. */
    private static final int TOO_FEW = 2_000;
    /** Bytes of a task that are expected to suffice; if not, the search goes beyond. */
    private static final int ENOUGH = 3_600;

    /** Whether a heap of some megabytes suffices. */
    interface Trial {
        boolean holds(int megabytes) throws IOException, InterruptedException;
    }

    /** Runs trials until the range is narrow. */
    Measurement find() throws IOException, InterruptedException {
        double low = 4 + (double) size * TOO_FEW / BYTES_IN_MB;
        double high = 64 + (double) size * ENOUGH / BYTES_IN_MB;
        return Measurement.once(GrowthJob.LEAST_HEAP, cache.open().name(), size, least(low, high, this::holds));
    }

    /**
     * The least heap that has passed a trial.
     *
     * @param low megabytes that do not suffice
     * @param high megabytes that probably suffice
     */
    static int least(double low, double high, Trial trial) throws IOException, InterruptedException {
        double tooFew = low;
        double enough = high;
        boolean isProven = false;
        while (!isProven || enough > tooFew * PRECISION) {
            boolean isOpen = enough > tooFew * PRECISION;
            double tried = Math.ceil(isOpen ? Math.sqrt(tooFew * enough) : tooFew * PRECISION);
            if (trial.holds((int) tried)) {
                enough = tried;
                isProven = true;
            } else {
                tooFew = tried;
            }
        }
        return (int) enough;
    }

    private boolean holds(int megabytes) throws IOException, InterruptedException {
        GrowthChild child = new GrowthChild(
                HeapTrial.class, megabytes + "m", List.of("-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"));
        Process process = new ProcessBuilder(child.command(List.of(cache.name(), Integer.toString(size))))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(limitInSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A trial that takes longer than this spends its time on collections. */
    private long limitInSeconds() {
        return 30L + size / 10_000;
    }
}
