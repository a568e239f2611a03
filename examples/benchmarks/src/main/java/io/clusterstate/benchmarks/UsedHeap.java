package io.clusterstate.benchmarks;

import java.lang.management.ManagementFactory;

/** The heap that is in use after a collection. Thread: one thread at a time. */
final class UsedHeap {

    private static final int COLLECTIONS = 3;

    private long before = now();

    /** The bytes that were added since the last call, or since the start. */
    double added() {
        long now = now();
        long added = now - before;
        before = now;
        return added;
    }

    /** Several collections, since one only clears the weak references of pools, and their entries go in the next. */
    private static long now() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
