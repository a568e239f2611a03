package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Op;
import java.util.List;

/** The key of a leader, as this process sees it. Thread: safe for any thread. */
interface LeaderKey {

    /** The name of the key. */
    ByteSequence key();

    /** The operations that a put of the key needs beside it. */
    List<Op> besides();

    /** Whether this process knows of a leader, or that there is none. */
    boolean isKnown();

    /** The revision at which the present leader began to lead; 0 without a leader. */
    long term();

    /** The revision of etcd up to which this process has seen everything. */
    long upTo();

    /**
     * Waits until this process has seen a revision; returns whether it has by the deadline of {@link System#nanoTime}.
     */
    boolean awaitUpTo(long revision, long deadline) throws InterruptedException;

    /** Runs a hook whenever the leader has changed, and perhaps more often; it must be quick. */
    void afterMove(Runnable hook);
}
