package io.clusterstate.mirror;

import io.clusterstate.internal.ecs.EcsReach;
import io.clusterstate.internal.ecs.Home;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the ECS client of a mirror reads the account and Region of its home; a mirror of another home would
 * settle the events of its queue as foreign. The first list of clusters checks the client of a mirror with a store of
 * its own. A mirror that shares its store may not lead, and then calls ECS for nothing else, so it makes a call of its
 * own. It makes another while ECS answers none of the mirror's calls, so that {@link LeadWatch} can judge.
 *
 * <p>Thread: safe for any thread; one at a time checks.
 */
final class ClientCheck {

    /** The pause between two checks while the client is in doubt. */
    private static final Duration AGAIN = Duration.ofSeconds(10);
    /** The silence of ECS after which a call shows whether ECS answers at all: other work may be denied, or rare. */
    private static final Duration DOUBTFUL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ClientCheck.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final ClusterDiscovery discovery;
    private final Home home;
    private final EcsReach reach;
    private final MonotonicTime time;
    private final boolean isShared;
    private long dueAt;
    private volatile @Nullable String failure;

    /** A check that has not run; {@link #run} never will in a mirror with a store of its own. */
    ClientCheck(ClusterDiscovery discovery, ReconcileContext context) {
        this.discovery = discovery;
        this.home = context.selection().home();
        this.reach = context.api().reach();
        this.time = context.environment().time();
        this.isShared = context.store().coordination().isPresent();
        this.dueAt = time.nanos();
    }

    /**
     * Whether the client is checked as far as that is possible: a check has ended, and none has found another home.
     * While ECS is away, a mirror polls unchecked.
     */
    boolean permitsPolling() {
        return discovery.hasAsked() && home.conflict().isEmpty();
    }

    /** Why this mirror neither polls nor leads, or could not check its client; empty if all is well. */
    Optional<String> problem() {
        Optional<String> conflict = home.conflict();
        return conflict.isPresent() || home.client().isPresent() ? conflict : Optional.ofNullable(failure);
    }

    /**
     * Checks the client if that is due. Blocks: for the calls.
     *
     * @param term the term of this mirror; 0 if it does not lead
     */
    void run(long term, Heartbeat heartbeat) throws InterruptedException {
        if (isShared && isInDoubt() && lock.tryLock()) {
            try {
                if (time.nanos() - dueAt >= 0) {
                    check(term, heartbeat);
                    dueAt = time.nanos() + AGAIN.toNanos();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isInDoubt() {
        return home.client().isEmpty()
                || home.conflict().isPresent()
                || reach.silence().compareTo(DOUBTFUL) >= 0;
    }

    private void check(long term, Heartbeat heartbeat) throws InterruptedException {
        try {
            discovery.identify(term, heartbeat);
            failure = null;
        } catch (RuntimeException e) {
            String why = FailureText.of(e);
            if (failure == null) {
                LOG.warn("check of the ECS client: {}", why);
            }
            failure = "ecs client: not checked, " + why + " (expected: an answer that names its account)";
        }
    }
}
