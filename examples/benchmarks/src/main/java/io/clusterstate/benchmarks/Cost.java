package io.clusterstate.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The cost of some work: the processor time of its thread with the time of garbage collections during it, and its
 * allocation. Elapsed time is left out, since other processes on the machine would disturb it.
 *
 * @param nanos the processor time, in nanoseconds
 * @param bytes the allocation, in bytes
 */
record Cost(long nanos, long bytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();

    /** Runs the work in this thread and counts its cost. */
    static Cost of(Runnable work) {
        long collecting = collecting();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long running = THREADS.getCurrentThreadCpuTime();
        work.run();
        long nanos = THREADS.getCurrentThreadCpuTime() - running;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Cost(nanos + collecting() - collecting, bytes);
    }

    private static long collecting() {
        long milliseconds = 0;
        for (GarbageCollectorMXBean collector : COLLECTORS) {
            milliseconds += collector.getCollectionTime();
        }
        return milliseconds * 1_000_000;
    }
}
