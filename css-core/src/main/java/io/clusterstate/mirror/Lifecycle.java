package io.clusterstate.mirror;

import io.clusterstate.NotReadyException;
import io.clusterstate.mirror.MirrorStatus.Phase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a mirror is in its life. Phases only go forward, and those who wait are woken. */
final class Lifecycle {

    private record State(Phase phase, @Nullable Throwable cause) {}

    private final Runnable advanced;
    private volatile State now = new State(Phase.LATENT, null);

    /** The first state; {@code advanced} runs after each later phase has begun. */
    Lifecycle(Runnable advanced) {
        this.advanced = advanced;
    }

    Phase phase() {
        return now.phase();
    }

    Optional<String> failure() {
        return Optional.ofNullable(now.cause()).map(Throwable::getMessage);
    }

    /** Goes on to a later phase; returns whether it did. */
    boolean advance(Phase next) {
        return advance(next, null);
    }

    /** Goes on to a later phase for a reason; returns whether it did. */
    boolean advance(Phase next, @Nullable Throwable reason) {
        synchronized (this) {
            State last = now;
            if (next.compareTo(last.phase()) <= 0) {
                return false;
            }
            now = new State(next, reason == null ? last.cause() : reason);
        }
        advanced.run();
        return true;
    }

    boolean isReady() {
        return now.phase() == Phase.READY;
    }

    /** Whether it can never be ready again. */
    boolean isOver() {
        return now.phase().compareTo(Phase.READY) > 0;
    }

    NotReadyException notReady() {
        State state = now;
        Throwable reason = state.cause();
        String why = reason == null ? "" : ": " + reason.getMessage();
        return new NotReadyException("the mirror is " + state.phase() + why + " (expected: READY)", reason);
    }
}
