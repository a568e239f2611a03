package io.clusterstate;

import io.clusterstate.MirrorStatus.Phase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a mirror is in its life. Phases only go forward, and those who wait are woken. */
final class Life {

    private record Moment(Phase phase, @Nullable Throwable cause) {}

    private final Signal signal;
    private volatile Moment now = new Moment(Phase.LATENT, null);

    Life(Signal signal) {
        this.signal = signal;
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
            Moment last = now;
            if (next.compareTo(last.phase()) <= 0) {
                return false;
            }
            now = new Moment(next, reason == null ? last.cause() : reason);
        }
        signal.raise();
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
        Moment moment = now;
        Throwable reason = moment.cause();
        String why = reason == null ? "" : ": " + reason.getMessage();
        return new NotReadyException("the mirror is " + moment.phase() + why + " (expected: READY)", reason);
    }
}
