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
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.StateStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in etcd, shared by any number of mirrors and {@link EtcdStateReader readers}. Each process keeps a replica of
 * the whole state in its memory and reads from it; no read goes to etcd.
 *
 * <p>Consistency: all processes pass through the same states, in the order of etcd's revisions. A process is behind by
 * the delay of its watch; {@link io.clusterstate.ClusterStateView#awaitCurrent} waits for etcd's present state.
 *
 * <p>Revisions are etcd's own. They mean the same in every process and outlive it. The journal of a process begins with
 * its load; a subscriber that comes from another process can resume after any later revision.
 *
 * <p>Writes are transactions, which commit only if no other process has changed their keys meanwhile; after a conflict
 * the store decides again. A write returns when etcd has committed it and this process's replica shows it. Changes that
 * are applied together become visible together, up to {@value WriteLimits#MOST_KEYS} entities and 1 MiB; a larger batch
 * is written in parts. Several changes of an entity that are written together become one, with the state after the
 * last. A write that failed can be repeated with the same changes.
 *
 * <p>While etcd is away, the view keeps answering with a link that is {@link StoreLink.State#STALE}. The mirror takes
 * in no events, and a leader stops reconciling. The store follows neither a namespace that somebody empties nor an etcd
 * at a lower revision than before: the view keeps what it had, and {@code status()} reports the problem. Restart the
 * process to take over what etcd holds then. An etcd that comes back from a backup at a higher revision is loaded anew,
 * as a reset; it is the one case in which a version may go back. Until that load is in, {@code awaitCurrent} waits, and
 * no confirmation succeeds.
 *
 * <p>The mirrors on one state share one queue, and must select the same clusters and kinds, since the leader reconciles
 * for all. The first leader sets the account and Region of the state; a mirror of another one is refused. Their clocks
 * should agree to within seconds. The leader's clock decides about retention, and the leader deletes what is past its
 * time. Of two answers of ECS, the later is decided by the clocks of the mirrors that asked.
 *
 * <p>A leader that cannot use its lead resigns, and another mirror leads. Without any mirror, nothing in etcd ends.
 *
 * <p>Limits: an entity larger than {@link EtcdStateStoreBuilder#largestValue} is not kept, with the outcome
 * {@link Outcome#REFUSED}; the state before stays.
 *
 * <p>Memory: as much as a store in memory needs, in each process. etcd needs about 2.7 KiB for a task of two
 * containers.
 *
 * <p>Thread: safe for any thread; the store writes the concurrent changes of one process together. Blocks:
 * {@link #apply} waits for etcd, and throws a {@link StateStoreException} if a call has no answer within
 * {@link Etcd#timeout}. Nothing connects before a mirror starts; the mirror closes the store.
 */
public final class EtcdStateStore implements StateStore {

    /** ECS itself shows stopped tasks for at least an hour. Source: the ECS API reference, DescribeTasks. */
    public static final Duration DEFAULT_KEEP_ENDED = Duration.ofHours(1);

    /** EventBridge retries a delivery for a day. Source: the EventBridge user guide, on retry policies. */
    public static final Duration DEFAULT_KEEP_TOMBSTONES = Duration.ofHours(24);

    /** The pause between attempts to write, while writes fail. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStateStore.class);

    private final FollowedReplica followed;
    private final Election election;
    private final Loop electionLoop;
    private final Loop probeLoop;
    private final Transactions transactions;
    private final Writer writer;
    private final LeaderWriter leaderWriter;
    private final Retention retention;
    private final Environment environment;
    /** The time without a sign of etcd after which this process must not lead: a stale link for a whole lease. */
    private final Duration longestSilence;

    private final Coordination coordination = new Shared();
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile Instant leaderHeardOf = Instant.EPOCH;

    EtcdStateStore(EtcdStateStoreBuilder parts) {
        WriteLimits limits = parts.limits();
        this.environment = parts.environment();
        this.longestSilence = parts.staleAfter().plus(parts.leaderLease());
        this.followed = new FollowedReplica(parts.etcd(), parts.journal(), environment, parts.staleAfter(), true);
        Replica replica = followed.replica();
        this.election = new Election(
                followed.etcd(),
                new LeaderOfState(followed.etcd().keys(), replica),
                environment.time(),
                parts.leaderLease(),
                parts.candidate(),
                this::unfitness);
        this.electionLoop = new Loop("etcd-lead", environment, election::step, FollowedReplica.GROWS_UNTIL);
        this.transactions = new Transactions(followed.etcd());
        this.probeLoop = new Loop("etcd-probe", environment, this::probe, FollowedReplica.GROWS_UNTIL);
        this.writer = new Writer(followed.etcd(), replica, transactions, this::term, limits, environment);
        this.leaderWriter = new LeaderWriter(followed.etcd(), replica, transactions, limits.mostKeys());
        this.retention = new Retention(replica, writer, leaderWriter, limits, environment.clock());
        replica.afterMove(() -> leaderHeardOf = environment.clock().instant());
        followed.follower().beforeReplacing(this::endLead);
    }

    /** Ends a lead of this process: what it has found out about ECS belongs to a past that etcd does not have. */
    private void endLead() {
        election.resign(election.held(), "etcd has come back from a backup");
    }

    /**
     * Makes a store with the defaults of {@link EtcdStateStoreBuilder}.
     *
     * @param etcd the address of the state
     * @return a store for one mirror, which starts and closes it
     */
    public static EtcdStateStore of(Etcd etcd) {
        return builder(etcd).build();
    }

    /**
     * Begins to build a store.
     *
     * @param etcd the address of the state
     * @return a builder with the defaults
     */
    public static EtcdStateStoreBuilder builder(Etcd etcd) {
        return new EtcdStateStoreBuilder(etcd);
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        return written(() -> changes.isEmpty() ? List.of() : writer.apply(changes));
    }

    /** A write, which waits for etcd. */
    @FunctionalInterface
    private interface Write<R> {
        R run() throws InterruptedException;
    }

    private <R> R written(Write<R> write) {
        requireFollowing();
        try {
            return write.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateStoreException(followed.etcd() + ": interrupted during a write", e);
        }
    }

    private Duration probe(Loop.Heartbeat heartbeat) throws InterruptedException {
        heartbeat.beat(transactions.limit());
        return transactions.probe() ? Duration.ZERO : PROBE_EVERY;
    }

    /** The reason why this process must not lead. */
    private Optional<String> unfitness() {
        return followed.follower().fatalProblem().or(() -> followed.follower()
                .silentFor()
                .filter(silence -> silence.compareTo(longestSilence) > 0)
                .map(silence -> "etcd was last heard of " + silence.toSeconds() + " s ago (expected: within "
                        + longestSilence.toSeconds() + " s)"));
    }

    /** The term; 0 also where following has ended for good, since such a process must conclude nothing. */
    private long term() {
        return followed.follower().fatalProblem().isPresent() ? 0 : election.term();
    }

    private void requireFollowing() {
        if (isClosed.get()) {
            throw new IllegalStateException(followed.etcd() + ": closed (expected: open)");
        }
        Optional<String> problem = followed.follower().fatalProblem();
        if (problem.isPresent() || !followed.replica().isLoaded()) {
            String why = problem.or(followed::formatProblem)
                    .orElseGet(() -> followed.etcd() + ": not loaded yet (expected: loaded, before a write)");
            throw new StateStoreException(
                    why, new IllegalStateException(coordination.link().toString()));
        }
    }

    @Override
    public ChangeJournal journal() {
        return followed.replica().journal();
    }

    /**
     * Removes ended entities, and deletes old tombstones, in the process that leads; in any other it does nothing. Each
     * call deletes up to 5,000 tombstones.
     */
    @Override
    public List<Applied> expire() {
        followed.reviveIfDead();
        electionLoop.reviveIfDead();
        probeLoop.reviveIfDead();
        long term = term();
        return term == 0 ? List.of() : written(() -> retention.run(term));
    }

    @Override
    public Optional<Coordination> coordination() {
        return Optional.of(coordination);
    }

    /**
     * Stops following etcd, and gives the lead up, so that another process can lead at once. A client of the host's
     * stays open. Idempotent.
     *
     * <p>Blocks: up to about five seconds, while a call to etcd ends.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down may interrupt; close all the same
        try {
            election.stop();
            for (Loop loop : List.of(electionLoop, probeLoop)) {
                loop.stop();
                loop.interrupt();
            }
            followed.stop();
            election.close();
            followed.awaitEnd(CLOSE_LIMIT);
            electionLoop.join(CLOSE_LIMIT);
            probeLoop.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        } finally {
            followed.etcd().close();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.debug("{}: closed", followed.etcd());
    }

    Follower follower() {
        return followed.follower();
    }

    Replica replica() {
        return followed.replica();
    }

    EtcdNamespace etcd() {
        return followed.etcd();
    }

    @Override
    public String toString() {
        return followed.etcd() + ", " + snapshot();
    }

    /** The coordination of the mirrors on one state. */
    private final class Shared implements Coordination {

        @Override
        public void start() {
            if (isStarted.compareAndSet(false, true)) {
                followed.start();
                electionLoop.start();
                probeLoop.start();
            }
        }

        @Override
        public StoreLink link() {
            return followed.link();
        }

        @Override
        public boolean takesWrites() {
            return followed.link().isLive() && transactions.failure().isEmpty();
        }

        @Override
        public long term() {
            return EtcdStateStore.this.term();
        }

        @Override
        public Optional<Leader> leader() {
            Replica replica = followed.replica();
            return replica.marks().leader() == 0
                    ? Optional.empty()
                    : Optional.of(new Leader(replica.marks().leaderName(), leaderHeardOf));
        }

        @Override
        public void resign(long inTerm, String why) {
            election.resign(inTerm, why);
        }

        @Override
        public Optional<String> owner() {
            return followed.replica().marks().owner();
        }

        @Override
        public String registerOwner(String home, long inTerm) {
            return written(() -> leaderWriter.registerOwner(home, inTerm));
        }

        @Override
        public Confirmation confirmation() {
            return followed.replica().confirmation();
        }

        @Override
        public void confirm(Confirmation now, long inTerm) {
            written(() -> {
                leaderWriter.confirm(now, inTerm, EtcdStateStore.this::term);
                return now;
            });
            election.confirmed(inTerm);
        }

        @Override
        public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
            return followed.currentRevision(limit);
        }

        @Override
        public void afterMove(Runnable hook) {
            followed.follower().afterMove(hook);
            followed.replica().afterMove(hook);
            election.afterMove(hook);
        }

        @Override
        public List<LoopStatus> loops() {
            return List.of(followed.status(), electionLoop.status(), probeLoop.status());
        }

        @Override
        public Optional<String> problem() {
            return followed.problem().or(transactions::failure);
        }
    }
}
