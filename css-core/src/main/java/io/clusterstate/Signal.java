package io.clusterstate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes all who wait for something to move. Nobody is registered: who stops waiting, for whatever reason, leaves
 * nothing.
 *
 * <p>To miss nothing, read {@link #count()} first, look for what you wait for, and only then {@link #await} beyond it.
 *
 * <p>Thread: safe for any thread.
 */
final class Signal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private volatile long count;

    /** How often it was raised. */
    long count() {
        return count;
    }

    /** Something has moved. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void raise() {
        lock.lock();
        try {
            count++;
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many threads wait. */
    int waiting() {
        lock.lock();
        try {
            return lock.getWaitQueueLength(raised);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it has been raised more often than was seen. */
    void await(long seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (count == seen) {
                raised.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same until a deadline at the most, as {@link #after} gives it. */
    void await(long seen, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = deadline - System.nanoTime();
            while (count == seen && left > 0) {
                left = raised.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The time of this machine after so long; very far ahead for what is longer than that. */
    static long after(Duration limit) {
        return System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(limit), Long.MAX_VALUE / 2);
    }
}
