package io.clusterstate.examples.soak;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Samples the threads and the memory of this process, in windows. */
final class ProcessWindows implements AutoCloseable {

    private static final Duration SAMPLE = Duration.ofMillis(500);

    private final FlatThreads threads;
    private final FlatHeap heap;
    private final Duration window;
    private final Thread thread = new Thread(this::run, "soak-windows");

    ProcessWindows(FlatThreads threads, FlatHeap heap, Duration window) {
        this.threads = threads;
        this.heap = heap;
        this.window = window;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                long end = System.nanoTime() + window.toNanos();
                while (System.nanoTime() < end) {
                    threads.sample(ManagementFactory.getThreadMXBean().getThreadCount());
                    TimeUnit.MILLISECONDS.sleep(SAMPLE.toMillis());
                }
                threads.endWindow();
                heap.endWindow(inUseAfterCollection());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long inUseAfterCollection() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Ends the samples; the window under way is not judged. */
    void end() {
        thread.interrupt();
    }

    @Override
    public void close() {
        end();
    }
}
