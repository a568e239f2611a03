package io.clusterstate;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes one thread that waits for something to do. Rings while the thread is awake, or is being woken, count as one and
 * cost no wake-up.
 *
 * <p>To miss nothing, the thread calls {@link #listen}, looks for something to do, and only then calls {@link #await}.
 *
 * <p>Thread: one thread waits, any may ring. A holder of the monitor keeps a sleeping thread asleep.
 */
final class Doorbell {

    private boolean isRung;
    private boolean isWoken;
    private @Nullable Thread sleeper;
    private @Nullable Cascade cascade;
    private int place;

    /** Forgets earlier rings. */
    synchronized void listen() {
        isRung = false;
    }

    /** Whether the thread sleeps, and nobody is about to wake it. */
    synchronized boolean isAsleep() {
        return sleeper != null && !isRung;
    }

    /** Rings. After a return of true the caller must call {@link #wake}, which nobody else does. */
    synchronized boolean ring() {
        boolean mustWake = isAsleep();
        isRung = true;
        return mustWake;
    }

    /** Wakes the thread for a {@link #ring} that returned true. */
    void wake() {
        wake(null, 0);
    }

    /** Wakes the thread, which then goes on with a cascade. */
    void wake(@Nullable Cascade next, int ownPlace) {
        Thread woken;
        synchronized (this) {
            cascade = next;
            place = ownPlace;
            isWoken = true;
            woken = sleeper;
        }
        LockSupport.unpark(woken);
    }

    /** Waits for a ring since the last {@link #listen}. */
    void await() throws InterruptedException {
        await(false, 0);
    }

    /** Waits for a ring since the last {@link #listen}, or until a deadline as {@link Signal#after} computes it. */
    void await(long deadline) throws InterruptedException {
        await(true, deadline);
    }

    private void await(boolean isTimed, long deadline) throws InterruptedException {
        if (!fallAsleep()) {
            return;
        }
        boolean isInterrupted = false;
        boolean isOver = false;
        while (!wakesUp(isOver)) {
            if (isTimed && !isOver) {
                LockSupport.parkNanos(this, deadline - System.nanoTime());
            } else {
                LockSupport.park(this); // if it is over, the thread was rung for, and its wake-up is on its way
            }
            isInterrupted |= Thread.interrupted();
            isOver = isInterrupted || (isTimed && deadline - System.nanoTime() <= 0);
        }
        passOn();
        if (isInterrupted) {
            throw new InterruptedException();
        }
    }

    private synchronized boolean fallAsleep() {
        if (!isRung) {
            isWoken = false;
            sleeper = Thread.currentThread();
        }
        return !isRung;
    }

    /** A thread that was rung for waits until it is woken, since others of the cascade depend on it. */
    private synchronized boolean wakesUp(boolean isOver) {
        boolean isAwake = isWoken || (isOver && !isRung);
        sleeper = isAwake ? null : sleeper;
        return isAwake;
    }

    private void passOn() {
        Cascade own = cascade;
        cascade = null;
        if (own != null) {
            own.wakeAfter(place);
        }
    }
}
