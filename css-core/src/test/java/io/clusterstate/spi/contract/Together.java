package io.clusterstate.spi.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs jobs that start at the same instant. */
final class Together {

    private static final long LIMIT_SECONDS = 60;

    private Together() {}

    /** Returns the results in the order of the jobs, or throws the first failure. */
    static <R> List<R> run(List<? extends Callable<R>> jobs) throws Exception {
        CyclicBarrier start = new CyclicBarrier(jobs.size());
        ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
        try {
            List<Future<R>> running = new ArrayList<>();
            for (Callable<R> job : jobs) {
                running.add(threads.submit(() -> {
                    start.await(LIMIT_SECONDS, TimeUnit.SECONDS);
                    return job.call();
                }));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> each : running) {
                results.add(each.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
