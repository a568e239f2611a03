package io.clusterstate.internal.loop;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * The environment of a mirror or a store, which a test can replace.
 *
 * @param clock the wall clock, for timestamps that people read and for ages
 * @param time the monotonic time, for pauses and deadlines
 * @param threads the factory for the threads of all loops
 * @param random the source of randomness for the jitter of pauses; used under its own lock
 */
public record Environment(InstantSource clock, MonotonicTime time, ThreadFactory threads, RandomGenerator random) {

    /**
     * Makes a daemon thread: the thread factory of a host that gives none.
     *
     * @param work the work of the thread
     * @return the thread, not started
     */
    public static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Creates a thread that is not started yet.
     *
     * @param name the purpose of the thread
     * @param work the code that it runs
     * @return the thread, with a name that identifies this library
     */
    public Thread newThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName("css-" + name);
        return thread;
    }

    /**
     * The next random number.
     *
     * @return a number from 0 (inclusive) to 1 (exclusive)
     */
    public double nextDouble() {
        synchronized (random) {
            return random.nextDouble();
        }
    }
}
