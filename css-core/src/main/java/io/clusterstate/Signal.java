package io.clusterstate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes every thread that waits for a change. No waiter is registered, so a wait that ends early leaves nothing behind.
 *
 * <p>To miss nothing, read {@link #count()} first, check your condition, and only then {@link #await} beyond that
 * count.
 *
 * <p>Thread: safe for any thread.
 */
final class Signal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private final List<Signal> followers = new CopyOnWriteArrayList<>();
    private volatile long count;

    /** The number of times that the signal was raised. */
    long count() {
        return count;
    }

    /** Wakes all waiters. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void raise() {
        lock.lock();
        try {
            count++;
            raised.signalAll();
        } finally {
            lock.unlock();
        }
        followers.forEach(Signal::raise);
    }

    /** Raises another signal, too, with each raise from now on. */
    void passTo(Signal follower) {
        followers.add(follower);
    }

    /** Ends {@link #passTo}. */
    void forget(Signal follower) {
        followers.remove(follower);
    }

    /** The number of signals of {@link #passTo}. */
    int followers() {
        return followers.size();
    }

    /** The number of waiting threads. */
    int waiting() {
        lock.lock();
        try {
            return lock.getWaitQueueLength(raised);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the signal was raised again after {@code seen}. */
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

    /**
     * Waits until the signal was raised again after {@code seen}, or until a deadline as {@link #after} computes it.
     */
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

    /** The {@code System.nanoTime} at which a limit ends; a limit of centuries is cut short. */
    static long after(Duration limit) {
        return System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(limit), Long.MAX_VALUE / 2);
    }
}
