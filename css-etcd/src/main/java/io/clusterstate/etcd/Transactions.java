package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commits transactions, and knows whether the last commit failed. Every transaction puts the head, so that the head's
 * version counts the writes; a transaction whose conditions fail reads the head instead.
 *
 * <p>Thread: safe for any thread.
 */
final class Transactions {

    private static final long NO_LEASE = 0;

    private final EtcdNamespace etcd;
    private volatile @Nullable String failure;

    Transactions(EtcdNamespace etcd) {
        this.etcd = etcd;
    }

    /** Commits operations on conditions; waits for the answer. */
    TxnResponse commit(List<Cmp> conditions, List<Op> operations) throws InterruptedException {
        List<Op> all = new ArrayList<>(operations);
        all.add(put(etcd.keys().head(), ByteSequence.EMPTY));
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
            throw e;
        }
    }

    /** The failure of the last commit, as when the quota of etcd is used up; empty if it succeeded. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Commits an empty write, to find out whether etcd takes writes again. */
    void probe() throws InterruptedException {
        commit(List.of(), List.of());
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
