package io.clusterstate.internal.loop;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * What a mirror or a store takes from outside, so that a test can hand in its own.
 *
 * @param clock for the stamps that people read and for ages
 * @param time for pauses and deadlines, which a clock that is set must not change
 * @param threads makes the threads of all loops
 * @param random for the jitter of pauses; asked under its own lock
 */
public record Environment(InstantSource clock, MonotonicTime time, ThreadFactory threads, RandomGenerator random) {

    /**
     * Makes a thread, not started yet.
     *
     * @param name what it does
     * @param work what it runs
     * @return the thread, named so that people see whose it is
     */
    public Thread newThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName("css-" + name);
        return thread;
    }

    /**
     * The next random number.
     *
     * @return a number from 0 to below 1
     */
    public double nextDouble() {
        synchronized (random) {
            return random.nextDouble();
        }
    }
}
