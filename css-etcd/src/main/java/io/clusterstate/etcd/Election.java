package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.internal.loop.MonotonicTime;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The election of a leader among several processes. The leader holds the leader's key, on a lease that it renews. The
 * term is the revision at which the key was created; a write of the leader has the condition that the key is still that
 * of its term.
 *
 * <p>A leader measures its lease by its own monotonic time, from before it asked etcd. Its term therefore ends here
 * before etcd lets another process lead.
 *
 * <p>A leader resigns if it is unfit, or if its mirror cannot use the lead. After that it hesitates: it stands only
 * when the lead has been vacant for the time of a lease, and for twice as long after each further resignation. Its next
 * confirmation in a later term ends that.
 *
 * <p>Thread: one loop runs {@link #step}; any thread may read the term, or resign.
 */
final class Election {

    private static final Duration PAUSE_UNTIL_LOADED = Duration.ofMillis(100);
    private static final Duration REVOKE_LIMIT = Duration.ofSeconds(1);
    private static final int RENEWALS_PER_LEASE = 3;
    /** The resignations that count: the longest hesitation is of 16 leases, four minutes by default. */
    private static final int MAX_RESIGNATIONS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Election.class);

    /**
     * The lead of this process.
     *
     * @param term the term
     * @param lease the id of the lease
     * @param validUntil the end, in nanoseconds of the monotonic time
     */
    private record Lead(long term, long lease, long validUntil) {

        static final Lead NONE = new Lead(0, 0, 0);

        boolean isHeld() {
            return !equals(NONE);
        }
    }

    private final EtcdNamespace etcd;
    private final LeaderKey key;
    private final MonotonicTime time;
    private final Duration lease;
    private final Duration renewEvery;
    private final String candidate;
    private final Supplier<Optional<String>> unfitness;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    /** Wakes the loop: the lead is vacant, or this process is to resign. */
    private final Semaphore wakeUps = new Semaphore(0);

    private volatile Lead lead = Lead.NONE;
    /** The term that this process has given up; it may still hold the key for a moment. */
    private volatile long resignedTerm;

    /** The resignations since this process last confirmed anything. */
    private volatile int resignations;

    /** The last lease that etcd granted, until it is revoked; 0 without one. */
    private volatile long granted;

    private volatile boolean isClosed;
    private boolean isVacant;
    private long vacantSince;

    /**
     * An election.
     *
     * @param key the key that the leader holds
     * @param lease the time after which a leader that is not heard of loses the lead
     * @param candidate the name of this process in etcd, for people
     * @param unfitness the reason why this process must not lead; empty if it may
     */
    Election(
            EtcdNamespace etcd,
            LeaderKey key,
            MonotonicTime time,
            Duration lease,
            String candidate,
            Supplier<Optional<String>> unfitness) {
        this.etcd = etcd;
        this.key = key;
        this.time = time;
        this.lease = lease;
        this.renewEvery = lease.dividedBy(RENEWALS_PER_LEASE);
        this.candidate = candidate;
        this.unfitness = unfitness;
        key.afterMove(this::noticeVacancy);
    }

    /** Runs a hook whenever this process has begun or ceased to lead; it must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** The term in which this process leads; 0 if it does not. */
    long term() {
        Lead now = lead;
        boolean hasRunOut = now.validUntil() - time.nanos() <= 0;
        return hasRunOut || isOver(now) ? 0 : now.term();
    }

    /** Whether a lead has ended for good; one that has run out may still be renewed. */
    private boolean isOver(Lead now) {
        return isClosed || now.term() == resignedTerm || isReplaced(now);
    }

    /** A process has seen the beginning of its term; a key that differs is of a later time, or of another past. */
    private boolean isReplaced(Lead now) {
        return key.isKnown() && key.term() != now.term();
    }

    /** The term of this process, also if it has run out and may still be renewed; 0 if it has none. */
    long held() {
        return lead.term();
    }

    /** Gives a term up, also one that has run out; the loop then revokes the lease. */
    void resign(long inTerm, String why) {
        if (isResigning(inTerm)) {
            LOG.warn(
                    "{}: gives the lead up, stands again after {} s without a leader: {}",
                    etcd,
                    hesitation().toSeconds(),
                    why);
            wakeUps.release();
            hooks.forEach(Runnable::run);
        }
    }

    private synchronized boolean isResigning(long inTerm) {
        Lead now = lead;
        boolean isNew = inTerm != 0 && inTerm == now.term() && !isOver(now);
        if (isNew) {
            resignations = Math.min(resignations + 1, MAX_RESIGNATIONS);
            resignedTerm = inTerm;
        }
        return isNew;
    }

    /** The time for which the lead has to be vacant before this process stands. */
    private Duration hesitation() {
        int inARow = resignations;
        return inARow == 0 ? Duration.ZERO : lease.multipliedBy(1L << (inARow - 1));
    }

    /** Notes that this process has used its lead in a term; a confirmation in a term that it has given up is late. */
    synchronized void confirmed(long inTerm) {
        if (inTerm > resignedTerm) {
            resignations = 0;
        }
    }

    /** Renews the lease, or campaigns if there is no leader; then waits until either is due again. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        if (!key.isKnown()) {
            return PAUSE_UNTIL_LOADED;
        }
        Optional<String> unfit = unfitness.get();
        unfit.ifPresent(why -> resign(term(), why));
        if (lead.isHeld() && term() == 0) {
            end(lead);
        }
        noteVacancy();
        if (lead.isHeld()) {
            renew(lead, heartbeat);
        } else if (unfit.isEmpty() && mayStand()) {
            campaign(heartbeat);
        }
        heartbeat.beat(renewEvery);
        if (wakeUps.tryAcquire(renewEvery.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
        return Duration.ZERO;
    }

    private void noteVacancy() {
        boolean isVacantNow = key.term() == 0;
        if (isVacantNow && !isVacant) {
            vacantSince = time.nanos();
        }
        isVacant = isVacantNow;
    }

    private boolean mayStand() {
        return isVacant && time.nanos() - vacantSince >= hesitation().toNanos();
    }

    private void noticeVacancy() {
        if (key.term() == 0) {
            wakeUps.release();
        }
    }

    /** Ends a lead of this process; after a resignation etcd still has its lease. */
    private void end(Lead over) throws InterruptedException {
        LOG.info("{}: does not lead any more", etcd);
        set(Lead.NONE);
        if (over.term() == resignedTerm) {
            revoke(over.lease());
        }
    }

    private void renew(Lead now, Heartbeat heartbeat) throws InterruptedException {
        long askedAt = time.nanos();
        Duration timeout = etcd.connection().timeout();
        Duration limit = renewEvery.compareTo(timeout) < 0 ? renewEvery : timeout;
        heartbeat.beat(limit);
        try {
            etcd.connection().call("renewing the leader's lease", limit, client -> client.getLeaseClient()
                    .keepAliveOnce(now.lease()));
            lead = new Lead(now.term(), now.lease(), askedAt + lease.toNanos());
        } catch (EtcdFailure e) {
            if (e.kind() == EtcdFailure.Kind.LEASE_GONE) {
                set(Lead.NONE);
            }
            throw e;
        }
    }

    private void campaign(Heartbeat heartbeat) throws InterruptedException {
        Duration timeout = etcd.connection().timeout();
        long askedAt = time.nanos();
        heartbeat.beat(timeout);
        long id = etcd.connection()
                .call("a lease to lead", client -> client.getLeaseClient().grant(lease.toSeconds()))
                .getID();
        granted = id;
        boolean isElected = false;
        try {
            requireOpen();
            heartbeat.beat(timeout);
            long term = putLeaderKey(id);
            heartbeat.beat(timeout);
            long deadline = System.nanoTime() + timeout.toNanos();
            isElected = term > 0 && key.awaitUpTo(term, deadline);
            if (isElected) {
                LOG.info("{}: leads, in term {}", etcd, term);
                isVacant = false;
                set(new Lead(term, id, askedAt + lease.toNanos()));
            }
        } finally {
            if (!isElected) {
                revoke(id);
            }
        }
    }

    /** Puts the leader's key if there is none; returns the revision of the put, or 0 if there is a leader. */
    private long putLeaderKey(long leaseId) throws InterruptedException {
        List<Op> puts = new ArrayList<>(key.besides());
        puts.add(Transactions.put(key.key(), ByteSequence.from(candidate, StandardCharsets.UTF_8), leaseId));
        TxnResponse answer = etcd.connection().call("the election", client -> client.getKVClient()
                .txn()
                .If(new Cmp(key.key(), Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(puts.toArray(Op[]::new))
                .Else(Op.get(key.key(), GetOption.DEFAULT))
                .commit());
        return answer.isSucceeded() ? answer.getHeader().getRevision() : 0;
    }

    private void set(Lead next) {
        lead = next;
        hooks.forEach(Runnable::run);
    }

    /** Comes after {@link #granted} was set, so that of this and {@link #close} at least one revokes the lease. */
    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException(etcd + ": the election is closed (expected: open)");
        }
    }

    private void revoke(long leaseId) throws InterruptedException {
        try {
            etcd.connection().call("revoking a lease", REVOKE_LIMIT, client -> client.getLeaseClient()
                    .revoke(leaseId));
            granted = 0;
        } catch (EtcdFailure e) {
            LOG.debug("{}: the lease ends by itself: {}", etcd, e.getMessage());
        }
    }

    /** Ends the term at once and for good, before the loop is stopped. */
    void stop() {
        isClosed = true;
        lead = Lead.NONE;
        wakeUps.release();
    }

    /**
     * Revokes the lease, after {@link #stop}. A put of the leader's key that is under way fails for want of its lease,
     * so the loop may still run.
     */
    void close() throws InterruptedException {
        long last = granted;
        if (last != 0) {
            revoke(last);
        }
    }
}
