package io.clusterstate.etcd;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.StateStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the state of the clusters in etcd, for any number of mirrors and {@link EtcdStateReader readers}. Each has a
 * replica of it in its memory, from which it reads; no read goes to etcd.
 *
 * <p>Consistency: all processes pass through the same states, in the order of etcd's revisions, each as fast as its
 * watch is; {@link io.clusterstate.ClusterStateView#awaitCurrent} waits for the present one. Revisions are etcd's, mean
 * the same in every process, and outlive them: a subscriber that knows one can go on with it in another process, or
 * after a restart, as long as that is in the process's journal, which begins about a thousand writes before the
 * process. What ends without a write is not told to who resumes across it: an ended entity whose lease is over because
 * no mirror ran for more than a day, and a key that somebody has deleted by hand.
 *
 * <p>Writes are transactions on condition that nobody was faster, and so can be repeated; they wait until etcd has
 * them, and this process's replica, too. What is applied together shows together, up to {@value WriteLimits#MOST_KEYS}
 * entities and 1 MiB; more is written in parts.
 *
 * <p>While etcd is away, the view goes on answering and says that it is {@link StoreLink.State#STALE}; the mirror takes
 * in no events, and one that led stops comparing. A namespace that is emptied, or an etcd that goes back to a backup,
 * is not followed: the view keeps what it had, {@code status()} says so, and a process that is started anew takes what
 * is there.
 *
 * <p>Clocks: those of the mirrors should agree to within seconds. Retention goes by that of the one who leads, and
 * which of two answers of ECS is the later by those of the ones who asked.
 *
 * <p>The mirrors on one state have one queue together, and must have the same choice of clusters and kinds: the one
 * that leads compares for all.
 *
 * <p>Limits: an entity larger than {@link EtcdStateStoreBuilder#largestValue} is not kept, with the outcome
 * {@link Outcome#REFUSED}.
 *
 * <p>Memory: as of a store in memory. In etcd: some 2.7 KiB for a task of two containers.
 *
 * <p>Thread: safe for any thread; writers of one process are written together. Nothing is connected before a mirror
 * starts.
 */
public final class EtcdStateStore implements StateStore {

    /** As long as ECS itself shows stopped tasks at the least. Source: the ECS API reference, DescribeTasks. */
    public static final Duration DEFAULT_KEEP_ENDED = Duration.ofHours(1);

    /** As long as EventBridge retries to deliver an event. Source: the EventBridge user guide, on retry policies. */
    public static final Duration DEFAULT_KEEP_TOMBSTONES = Duration.ofHours(24);

    private static final int AT_ONCE = 500;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStateStore.class);

    private final FollowedReplica feed;
    private final Election election;
    private final Loop electionLoop;
    private final Writer writer;
    private final WriteLimits limits;
    private final Environment environment;
    private final Coordination coordination = new Shared();
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    EtcdStateStore(EtcdStateStoreBuilder parts) {
        this.limits = parts.limits();
        this.environment = parts.environment();
        this.feed = new FollowedReplica(parts.etcd(), parts.journal(), environment, parts.staleAfter());
        this.election = new Election(
                feed.connection(),
                feed.keys(),
                feed.replica(),
                environment.time(),
                parts.leaderLease(),
                parts.candidate());
        this.electionLoop = new Loop("etcd-lead", environment, this::lead, FollowedReplica.GROWS_UNTIL);
        this.writer = new Writer(feed.connection(), feed.keys(), feed.replica(), this::term, limits, environment);
    }

    /**
     * A store with the defaults that {@link EtcdStateStoreBuilder} documents.
     *
     * @param etcd where
     * @return a store to be given to a mirror
     */
    public static EtcdStateStore of(Etcd etcd) {
        return builder(etcd).build();
    }

    /**
     * Begins to build a store.
     *
     * @param etcd where
     * @return a builder
     */
    public static EtcdStateStoreBuilder builder(Etcd etcd) {
        return new EtcdStateStoreBuilder(etcd);
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        requireFollowing();
        try {
            return changes.isEmpty() ? List.of() : writer.apply(changes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateStoreException(feed.connection() + ": interrupted while it wrote", e);
        }
    }

    private Duration lead(Loop.Heartbeat heartbeat) throws InterruptedException {
        if (writer.failure().isPresent()) {
            writer.probe();
        }
        return election.step(heartbeat);
    }

    /** What follows a state that is not the one that it was must conclude nothing about it. */
    private long term() {
        return feed.follower().broken().isPresent() ? 0 : election.term();
    }

    private void requireFollowing() {
        if (isClosed.get()) {
            throw new IllegalStateException(feed.connection() + ": closed (expected: open)");
        }
        String broken = feed.follower().broken().orElse(null);
        if (broken != null || !feed.replica().isLoaded()) {
            throw new StateStoreException(
                    broken == null ? feed.connection() + ": not loaded yet (expected: once, before a write)" : broken,
                    new IllegalStateException(coordination.link().toString()));
        }
    }

    @Override
    public ChangeJournal journal() {
        return feed.replica().journal();
    }

    /** Does so in the process that leads; elsewhere it removes nothing. */
    @Override
    public List<Applied> expire() {
        feed.reviveIfDead();
        electionLoop.reviveIfDead();
        if (term() == 0) {
            return List.of();
        }
        Instant endedBy = environment.clock().instant().minus(limits.keepEnded());
        List<Change<?>> removals = feed.replica().endedBy(endedBy).stream()
                .<Change<?>>map(ended -> Removal.of(ended, ended.observedAt(), Removal.Reason.RETENTION))
                .toList();
        List<Applied> removed = new ArrayList<>();
        for (int from = 0; from < removals.size(); from += AT_ONCE) { // in parts, since others wait meanwhile
            apply(removals.subList(from, Math.min(removals.size(), from + AT_ONCE))).stream()
                    .filter(applied -> applied.outcome() == Outcome.REMOVED)
                    .forEach(removed::add);
        }
        return removed;
    }

    @Override
    public Optional<Coordination> coordination() {
        return Optional.of(coordination);
    }

    /**
     * Ends following and leading, so that another process can lead at once. A client of the host's stays open.
     *
     * <p>Blocks: up to a few seconds.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // as by a host that shuts down: all the more is to be closed
        try {
            electionLoop.stop();
            electionLoop.interrupt();
            feed.stop();
            feed.awaitEnd(CLOSE_LIMIT);
            if (electionLoop.join(CLOSE_LIMIT)) {
                election.resign();
            }
        } catch (InterruptedException e) {
            wasInterrupted = true;
        } finally {
            feed.connection().close();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.debug("{}: closed", feed.connection());
    }

    Follower follower() {
        return feed.follower();
    }

    Replica replica() {
        return feed.replica();
    }

    EtcdConnection connection() {
        return feed.connection();
    }

    @Override
    public String toString() {
        return feed.connection() + ", " + snapshot();
    }

    /** What the mirrors on one etcd are to each other. */
    private final class Shared implements Coordination {

        @Override
        public void start() {
            if (isStarted.compareAndSet(false, true)) {
                feed.start();
                electionLoop.start();
            }
        }

        @Override
        public StoreLink link() {
            return feed.link();
        }

        @Override
        public boolean takesWrites() {
            return feed.link().isLive() && writer.failure().isEmpty();
        }

        @Override
        public long term() {
            return EtcdStateStore.this.term();
        }

        @Override
        public Confirmation confirmation() {
            return feed.replica().confirmation();
        }

        @Override
        public void confirm(Confirmation now, long inTerm) {
            requireFollowing();
            try {
                writer.confirm(now, inTerm);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StateStoreException(feed.connection() + ": interrupted while it wrote", e);
            }
        }

        @Override
        public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
            return feed.currentRevision(limit);
        }

        @Override
        public void afterMove(Runnable hook) {
            feed.follower().afterMove(hook);
            feed.replica().afterMove(hook);
            election.afterMove(hook);
        }

        @Override
        public List<LoopStatus> loops() {
            return List.of(feed.status(), electionLoop.status());
        }

        @Override
        public Optional<String> problem() {
            return feed.problem().or(writer::failure);
        }
    }
}
