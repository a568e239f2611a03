package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Environment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool of threads that describe the pages of a pass in parallel. It is small and has no queue: when all threads are
 * busy, the calling thread runs the part itself, so that listing never runs far ahead of describing. Idle threads end.
 */
final class DescribePool {

    private static final long IDLE_SECONDS = 30;

    private final Environment environment;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger made = new AtomicInteger();
    /** The threads that may still run. The pool itself stops counting a thread a moment before it ends. */
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();

    DescribePool(int most, Environment environment) {
        this.environment = environment;
        this.threads = new ThreadPoolExecutor(
                0,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                this::newThread,
                DescribePool::runHere);
    }

    private Thread newThread(Runnable work) {
        Thread thread = environment.newThread("describe-page-" + made.incrementAndGet(), work);
        alive.removeIf(each -> each.getState() == Thread.State.TERMINATED);
        alive.add(thread);
        return thread;
    }

    /**
     * Runs a part on a thread of the pool, or on the calling thread.
     *
     * @throws RejectedExecutionException after {@link #stop()}
     */
    Future<?> submit(Callable<?> part) {
        return threads.submit(part);
    }

    /** Interrupts all running parts and accepts no more. */
    void stop() {
        threads.shutdownNow();
    }

    /** Waits, after {@link #stop()}, until the threads have ended; returns whether they have. */
    boolean join(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean ended = true;
        for (Thread thread : alive) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            ended &= !thread.isAlive();
        }
        return ended;
    }

    private static void runHere(Runnable part, ThreadPoolExecutor threads) {
        if (threads.isShutdown()) {
            throw new RejectedExecutionException("the mirror closes");
        }
        part.run();
    }
}
