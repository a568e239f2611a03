package io.clusterstate.mirror;

import io.clusterstate.StoreView;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the parts of a mirror within a time, in the order in which no delivery is lost (promise 11).
 *
 * @param limit the longest time
 * @param claim the claim on the source; empty if the mirror has none
 */
record Closing(
        Duration limit,
        Reconciler reconciler,
        MirrorLoops loops,
        EventConsumer consumer,
        DescribeQueue describeQueue,
        Optional<SourceClaim> claim,
        StoreView view,
        EventSource source,
        CountingStore store) {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMirror.class);

    /** Ends everything, from a moment of {@link System#nanoTime} on. */
    void end(long now) {
        long gently = now + limit.toNanos() / 5 * 4;
        long deadline = now + limit.toNanos();
        reconciler.close(); // before any interrupt, so that requests end by their cancellation
        synchronized (loops) {
            loops.stop();
        }
        consumer.handBack(describeQueue.close(), gently);
        releaseClaim(gently);
        boolean ended = loops.join(gently) || loops.interruptAndJoin(deadline);
        view.close(Duration.ofNanos(deadline - System.nanoTime()));
        if (!ended) {
            LOG.warn("close: a remote call did not end within {}; its thread ends with the call", limit);
        }
        try {
            source.close();
        } finally {
            store.close();
        }
    }

    /** Releases the claim after the last poll, but before slower threads end, so that a successor takes over soon. */
    private void releaseClaim(long deadline) {
        if (claim.isEmpty()) {
            return;
        }
        try {
            if (loops.joinPolling(deadline)) {
                claim.get().release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
