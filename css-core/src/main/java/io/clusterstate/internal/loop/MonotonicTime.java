package io.clusterstate.internal.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time that never jumps, for pauses and deadlines, handed in so that a test need not wait for it. */
public interface MonotonicTime {

    /** The time of this machine since it was started, or thereabouts. */
    MonotonicTime SYSTEM = new MonotonicTime() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration pause) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    };

    /**
     * Nanoseconds since some moment; only differences mean something.
     *
     * @return the time
     */
    long nanos();

    /**
     * Waits.
     *
     * @param pause how long
     * @throws InterruptedException if the thread was interrupted
     */
    void pause(Duration pause) throws InterruptedException;
}
