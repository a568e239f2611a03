package io.clusterstate;

import io.clusterstate.internal.loop.Surroundings;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that do parts of a pass side by side. There are few and no queue: with all of them busy, who asks does the part
 * itself, so that no pass runs ahead of what is done. Threads that idle end.
 */
final class Crew {

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;
    private final AtomicInteger made = new AtomicInteger();

    Crew(int most, Surroundings surroundings) {
        this.threads = new ThreadPoolExecutor(
                0,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> surroundings.newThread("describe-page-" + made.incrementAndGet(), work),
                Crew::runHere);
    }

    /**
     * Has a part done, by another thread or at once.
     *
     * @throws RejectedExecutionException after {@link #stop()}
     */
    Future<?> submit(Callable<?> part) {
        return threads.submit(part);
    }

    /** Interrupts all parts under way and takes no more. */
    void stop() {
        threads.shutdownNow();
    }

    /** Waits until the threads have ended; returns whether they have. */
    boolean join(Duration limit) throws InterruptedException {
        return threads.awaitTermination(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    }

    private static void runHere(Runnable part, ThreadPoolExecutor threads) {
        if (threads.isShutdown()) {
            throw new RejectedExecutionException("the mirror closes");
        }
        part.run();
    }
}
