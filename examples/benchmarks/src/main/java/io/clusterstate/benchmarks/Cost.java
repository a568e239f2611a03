package io.clusterstate.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The cost of an invocation: the processor time of its thread, the time of garbage collections during it, and its
 * allocation. Elapsed time is left out, since other processes on the machine would disturb it.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Cost {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();

    /** Processor time, in nanoseconds. */
    public long nanoseconds;

    /** Allocation, in bytes. */
    public long bytes;

    /** Runs the work and counts its cost. */
    void count(Runnable work) {
        long collecting = collecting();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long running = THREADS.getCurrentThreadCpuTime();
        work.run();
        nanoseconds += THREADS.getCurrentThreadCpuTime() - running;
        bytes += THREADS.getCurrentThreadAllocatedBytes() - allocated;
        nanoseconds += collecting() - collecting;
    }

    private static long collecting() {
        long milliseconds = 0;
        for (GarbageCollectorMXBean collector : COLLECTORS) {
            milliseconds += collector.getCollectionTime();
        }
        return milliseconds * 1_000_000;
    }
}
