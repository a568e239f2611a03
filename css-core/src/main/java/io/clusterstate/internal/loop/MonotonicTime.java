package io.clusterstate.internal.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Monotonic time for pauses and deadlines. It is injected, so that a test need not wait. */
public interface MonotonicTime {

    /** The monotonic time of this machine. */
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
     * Nanoseconds since an arbitrary moment; only differences have a meaning.
     *
     * @return the time
     */
    long nanos();

    /**
     * Waits.
     *
     * @param pause the time to wait
     * @throws InterruptedException if the thread was interrupted
     */
    void pause(Duration pause) throws InterruptedException;
}
