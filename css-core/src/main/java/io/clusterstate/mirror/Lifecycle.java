package io.clusterstate.mirror;

import io.clusterstate.NotReadyException;
import io.clusterstate.mirror.MirrorStatus.Phase;

/**
 * The phase of a mirror, which only moves forward.
 *
 * <p>Thread: safe for any thread.
 */
final class Lifecycle {

    private final Runnable advanced;
    private volatile Phase phase = Phase.LATENT;

    /** The first phase; {@code advanced} runs after each later one has begun. */
    Lifecycle(Runnable advanced) {
        this.advanced = advanced;
    }

    Phase phase() {
        return phase;
    }

    /** Moves on to a later phase; returns false if that phase or a later one was reached before. */
    boolean advance(Phase next) {
        synchronized (this) {
            if (next.compareTo(phase) <= 0) {
                return false;
            }
            phase = next;
        }
        advanced.run();
        return true;
    }

    boolean isReady() {
        return phase == Phase.READY;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    NotReadyException notReady() {
        return new NotReadyException("the mirror is " + phase + " (expected: READY)", null);
    }
}
