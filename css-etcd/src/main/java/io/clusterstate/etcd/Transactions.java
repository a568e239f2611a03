package io.clusterstate.etcd;

import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits transactions, and knows whether the last commit failed. Every transaction puts the head, so that the head's
 * version counts the writes; a transaction whose conditions fail reads the head instead.
 *
 * <p>Thread: safe for any thread.
 */
final class Transactions {

    private static final long NO_LEASE = 0;

    /** The longest wait for a failed commit. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final Semaphore failures = new Semaphore(0);
    private final EtcdNamespace etcd;
    private volatile @Nullable String failure;

    Transactions(EtcdNamespace etcd) {
        this.etcd = etcd;
    }

    /** Commits operations on conditions; waits for the answer. */
    TxnResponse commit(List<Cmp> conditions, List<Op> operations) throws InterruptedException {
        List<Op> all = new ArrayList<>(operations);
        all.add(Head.put(etcd.keys()));
        try {
            TxnResponse answer = etcd.connection()
                    .call("a write of " + operations.size() + " keys", client -> client.getKVClient()
                            .txn()
                            .If(conditions.toArray(Cmp[]::new))
                            .Then(all.toArray(Op[]::new))
                            .Else(Op.get(etcd.keys().head(), GetOption.DEFAULT))
                            .commit());
            failure = null;
            return answer;
        } catch (EtcdFailure e) {
            failure = e.getMessage();
            failures.release();
            throw e;
        }
    }

    /**
     * Waits until the replica shows the write of a transaction, or the write that it has met.
     *
     * @param deadline by {@link System#nanoTime}
     */
    void awaitShown(TxnResponse answer, Replica replica, long deadline) throws InterruptedException {
        long revision = answer.isSucceeded() ? answer.getHeader().getRevision() : lastWrite(answer);
        if (!replica.awaitUpTo(revision, deadline)) {
            throw new EtcdFailure(
                    etcd + ": the watch has delivered up to revision " + replica.upTo() + " (expected: " + revision
                            + ", which is written)",
                    new IllegalStateException("watch behind"));
        }
    }

    private static long lastWrite(TxnResponse conflict) {
        return conflict.getGetResponses().stream()
                .flatMap(head -> head.getKvs().stream())
                .mapToLong(KeyValue::getModRevision)
                .max()
                .orElse(0);
    }

    /** The deadline of a write that begins now, with all its attempts, by {@link System#nanoTime}. */
    long deadline() {
        return System.nanoTime() + limit().toNanos();
    }

    Duration limit() {
        return etcd.connection().timeout().multipliedBy(2);
    }

    StateStoreException notLeading() {
        return new StateStoreException(
                etcd + ": another process leads (expected: to lead)", new IllegalStateException("no term"));
    }

    /** The failure of the last commit, as when the quota of etcd is used up; empty if it succeeded. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Waits for a failed commit, and then commits an empty write, to find out whether etcd takes writes again.
     *
     * @return false if etcd does not
     */
    boolean probe() throws InterruptedException {
        if (failure == null && !failures.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        failures.drainPermits();
        if (failure == null) {
            return true;
        }
        try {
            commit(List.of(), List.of());
            return true;
        } catch (EtcdFailure e) {
            LOG.debug("{}: takes no writes: {}", etcd, e.getMessage());
            return false;
        }
    }

    /** The condition that a key is still at a revision; 0 if it must not exist. */
    static Cmp isAt(ByteSequence key, long revision) {
        return new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    /** The condition that the leader's key is still that of a term. */
    Cmp isLeader(long term) {
        return new Cmp(etcd.keys().leader(), Cmp.Op.EQUAL, CmpTarget.createRevision(term));
    }

    static Op put(ByteSequence key, ByteSequence value) {
        return put(key, value, NO_LEASE);
    }

    static Op put(ByteSequence key, ByteSequence value, long lease) {
        PutOption option = lease == NO_LEASE
                ? PutOption.DEFAULT
                : PutOption.builder().withLeaseId(lease).build();
        return Op.put(key, value, option);
    }
}
