package io.clusterstate.mirror;

import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.Coordination;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a mirror ready as soon as the first complete load is in its store, whichever mirror loaded it.
 *
 * <p>Thread: safe for any thread.
 */
final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMirror.class);

    private final Lifecycle lifecycle;
    private final ReconcileContext context;
    private final MonotonicTime time;
    private volatile long startedAt;

    Readiness(Lifecycle lifecycle, ReconcileContext context) {
        this.lifecycle = lifecycle;
        this.context = context;
        this.time = context.environment().time();
    }

    /** Starts the measurement of the loading time. */
    void started() {
        startedAt = time.nanos();
    }

    /** Makes a loading mirror ready if the load is complete and the process follows its store. */
    void check() {
        if (lifecycle.phase() != Phase.LOADING) {
            return;
        }
        Coordination coordination = context.coordination();
        boolean isLoaded =
                coordination.confirmation().isLoaded() && coordination.link().state() != StoreLink.State.LOADING;
        if (isLoaded && lifecycle.advance(Phase.READY)) {
            Duration took = Duration.ofNanos(time.nanos() - startedAt);
            LOG.info("ready after {} ms: {}", took.toMillis(), context.store().snapshot());
        }
    }
}
