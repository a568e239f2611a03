package io.clusterstate;

import io.clusterstate.MirrorStatus.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a mirror is in its life, and those who wait for it to be ready. Phases only go forward. */
final class Life {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Phase phase = Phase.LATENT;
    private volatile @Nullable Throwable cause;

    Phase phase() {
        return phase;
    }

    Optional<String> failure() {
        return Optional.ofNullable(cause).map(Throwable::getMessage);
    }

    /** Goes on to a later phase; returns whether it did. */
    boolean advance(Phase next) {
        return advance(next, null);
    }

    /** Goes on to a later phase for a reason; returns whether it did. */
    boolean advance(Phase next, @Nullable Throwable reason) {
        lock.lock();
        try {
            if (next.compareTo(phase) <= 0) {
                return false;
            }
            cause = reason == null ? cause : reason;
            phase = next;
            moved.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isReady() {
        return phase == Phase.READY;
    }

    /** Throws unless the view can answer. */
    void requireReady() {
        if (phase != Phase.READY) {
            throw notReady();
        }
    }

    void awaitReady(Duration limit, Supplier<String> waitsFor) throws TimeoutException, InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(limit);
        lock.lockInterruptibly();
        try {
            while (phase.compareTo(Phase.READY) < 0) {
                if (left <= 0) {
                    throw new TimeoutException(
                            "not ready after " + limit + ": " + phase + ", waiting for " + waitsFor.get());
                }
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        requireReady();
    }

    private NotReadyException notReady() {
        Throwable reason = cause;
        String why = reason == null ? "" : ": " + reason.getMessage();
        return new NotReadyException("the mirror is " + phase + why + " (expected: READY)", reason);
    }
}
