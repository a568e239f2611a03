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

    /** A lifecycle in its first phase; {@code advanced} runs after the start of each later phase. */
    Lifecycle(Runnable advanced) {
        this.advanced = advanced;
    }

    Phase phase() {
        return phase;
    }

    /** Moves to a later phase; returns false if the lifecycle has already reached that phase or a later one. */
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
