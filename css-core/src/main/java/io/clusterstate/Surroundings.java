package io.clusterstate;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * What a mirror takes from outside, so that a test can hand in its own.
 *
 * @param clock for the stamps that people read and for ages
 * @param time for pauses and deadlines, which a clock that is set must not change
 * @param threads makes the threads of all loops
 * @param random for the jitter of pauses; asked under its own lock
 */
record Surroundings(InstantSource clock, MonotonicTime time, ThreadFactory threads, RandomGenerator random) {

    Thread newThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName("css-" + name);
        return thread;
    }

    /** A number from 0 to below 1. */
    double roll() {
        synchronized (random) {
            return random.nextDouble();
        }
    }
}
