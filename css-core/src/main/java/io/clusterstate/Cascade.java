package io.clusterstate;

import org.jspecify.annotations.Nullable;

/**
 * Wakes many threads. Each that wakes up wakes the next before it does anything else, so that the caller wakes one
 * alone. A further publication needs no wake-up for the threads that the cascade has yet to reach.
 *
 * <p>Thread: one thread adds and begins; the woken threads go on.
 */
final class Cascade {

    private final @Nullable Doorbell[] rung;
    private int size;

    /** A cascade of at most so many threads; adding and waking allocate nothing, so that no thread is forgotten. */
    Cascade(int most) {
        this.rung = new @Nullable Doorbell[most];
    }

    /** Rings, and adds the doorbell if its thread must be woken. */
    void ring(Doorbell bell) {
        if (bell.ring()) {
            rung[size++] = bell;
        }
    }

    /** Wakes the first thread. */
    void begin() {
        wake(0);
    }

    /** Wakes the thread that follows a place. */
    void wakeAfter(int place) {
        wake(place + 1);
    }

    private void wake(int place) {
        if (place < size) {
            Doorbell bell = rung[place];
            if (bell != null) {
                bell.wake(this, place);
            }
        }
    }
}
