package io.clusterstate.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What an invocation takes: how long it keeps the processor, by its own thread and by the collections that fall into
 * it, and how much it allocates. Not how long one waits for it: on a machine that others use too, that says more of
 * them.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Cost {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();

    /** Of the processor's time. */
    public long nanoseconds;

    /** Of the heap. */
    public long bytes;

    /** Does the work, and counts what it takes. */
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
