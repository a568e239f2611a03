package io.clusterstate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time that never jumps, for pauses and deadlines, handed in so that a test need not wait for it. */
interface MonotonicTime {

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

    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /** Waits. */
    void pause(Duration pause) throws InterruptedException;
}
