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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of several processes leads: the one whose key is there, on a lease that it renews. The term is the revision at
 * which the key was made; a write of the leader has the condition that the key is still that one.
 *
 * <p>A leader judges by its own time, from before it asked, so that its term ends here before etcd gives it to another.
 *
 * <p>Thread: one loop runs {@link #step}; anyone may ask for the term.
 */
final class Election {

    private static final Duration NOT_LOADED = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int RENEWALS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Election.class);

    private record Mandate(long term, long lease, long validUntil) {}

    private static final Mandate NONE = new Mandate(0, 0, 0);

    private final EtcdConnection connection;
    private final Keys keys;
    private final Replica replica;
    private final MonotonicTime time;
    private final Duration lease;
    private final String candidate;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final Semaphore vacancies = new Semaphore(0);
    private volatile Mandate mandate = NONE;

    /**
     * An election.
     *
     * @param lease how long a leader that is not heard of stays it
     * @param candidate who stands, for people
     */
    Election(
            EtcdConnection connection,
            Keys keys,
            Replica replica,
            MonotonicTime time,
            Duration lease,
            String candidate) {
        this.connection = connection;
        this.keys = keys;
        this.replica = replica;
        this.time = time;
        this.lease = lease;
        this.candidate = candidate;
        replica.afterMove(this::lookForVacancy);
    }

    /** Runs something when this process has come to lead, or does not any more; must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** The term in which this process leads; 0 if it does not. */
    long term() {
        Mandate now = mandate;
        boolean isOver = now.validUntil() - time.nanos() <= 0 || isReplaced(now);
        return isOver ? 0 : now.term();
    }

    private boolean isReplaced(Mandate now) {
        return replica.upTo() >= now.term() && replica.leader() != now.term();
    }

    /** One step of the loop: renews the lease, or stands if nobody leads; then waits for either to be due. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        if (!replica.isLoaded()) {
            return NOT_LOADED;
        }
        if (!mandate.equals(NONE) && term() == 0) {
            LOG.warn("{}: does not lead any more", connection);
            lead(NONE);
        }
        if (!mandate.equals(NONE)) {
            renew(mandate);
        } else if (replica.leader() == 0) {
            stand();
        }
        heartbeat.beat();
        boolean isVacant = vacancies.tryAcquire(lease.toMillis() / RENEWALS, TimeUnit.MILLISECONDS);
        if (isVacant) {
            vacancies.drainPermits();
        }
        return Duration.ZERO;
    }

    private void lookForVacancy() {
        if (replica.leader() == 0) {
            vacancies.release();
        }
    }

    private void renew(Mandate now) throws InterruptedException {
        long asked = time.nanos();
        try {
            connection.call(
                    "renewing the lease of the leader", lease.dividedBy(RENEWALS), client -> client.getLeaseClient()
                            .keepAliveOnce(now.lease()));
            mandate = new Mandate(now.term(), now.lease(), asked + lease.toNanos());
        } catch (EtcdFailure e) {
            if (e.isLeaseGone()) {
                lead(NONE);
            }
            throw e;
        }
    }

    private void stand() throws InterruptedException {
        long asked = time.nanos();
        long id = connection
                .call("a lease to lead", client -> client.getLeaseClient().grant(lease.toSeconds()))
                .getID();
        boolean isElected = false;
        try {
            long term = elect(id);
            isElected = term > 0
                    && replica.awaitUpTo(
                            term, System.nanoTime() + connection.timeout().toNanos());
            if (isElected) {
                LOG.info("{}: leads, in term {}", connection, term);
                lead(new Mandate(term, id, asked + lease.toNanos()));
            }
        } finally {
            if (!isElected) {
                revoke(id);
            }
        }
    }

    /** Puts the leader's key if there is none; returns the revision at which that was, and 0 if there is one. */
    private long elect(long id) throws InterruptedException {
        TxnResponse answer = connection.call("standing for leader", client -> client.getKVClient()
                .txn()
                .If(new Cmp(keys.leader(), Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(
                        Writer.put(keys.leader(), ByteSequence.from(candidate, StandardCharsets.UTF_8), id),
                        Writer.put(keys.head(), ByteSequence.EMPTY, 0))
                .Else(Op.get(keys.leader(), GetOption.DEFAULT))
                .commit());
        return answer.isSucceeded() ? answer.getHeader().getRevision() : 0;
    }

    private void lead(Mandate next) {
        mandate = next;
        hooks.forEach(Runnable::run);
    }

    private void revoke(long id) throws InterruptedException {
        try {
            connection.call("giving a lease back", LAST_WORDS, client -> client.getLeaseClient()
                    .revoke(id));
        } catch (EtcdFailure e) {
            LOG.debug("{}: the lease ends by itself: {}", connection, e.getMessage());
        }
    }

    /** Leads no more, and lets another lead at once; after the loop has ended. */
    void resign() throws InterruptedException {
        Mandate last = mandate;
        mandate = NONE;
        if (!last.equals(NONE)) {
            revoke(last.lease());
        }
    }
}
