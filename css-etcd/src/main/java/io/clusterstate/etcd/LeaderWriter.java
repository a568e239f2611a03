package io.clusterstate.etcd;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writes that only the leader may make: confirmations, the owner of the state, and the end of old tombstones. Each
 * has the condition that the term still lasts, and returns when the replica shows it.
 *
 * <p>Thread: safe for any thread; one write at a time.
 */
final class LeaderWriter {

    /** The most keys of clusters in one transaction. */
    private static final int MAX_CLUSTERS = 100;

    private final EtcdNamespace etcd;
    private final Replica replica;
    private final Transactions transactions;
    private final int mostKeys;
    private final ReentrantLock lock = new ReentrantLock();

    LeaderWriter(EtcdNamespace etcd, Replica replica, Transactions transactions, int mostKeys) {
        this.etcd = etcd;
        this.replica = replica;
        this.transactions = transactions;
        this.mostKeys = mostKeys;
    }

    /**
     * Writes the parts of a confirmation that differ from the replica's. No key may have changed since the replica's
     * revision, so that a request which etcd carries out late, as a member that has hung, brings back nothing. A
     * deleted key has no revision; therefore each deletion also puts the key of the list, and each write depends on
     * that. An etcd that has come back from a backup may have the same leader and fewer writes: the confirmation says
     * nothing about its state.
     *
     * @param lead the term in which this process leads; it ends before the replica shows a replaced past
     */
    void confirm(Confirmation next, long inTerm, Writer.Term lead) throws InterruptedException {
        requireTerm(inTerm);
        lock.lockInterruptibly();
        try {
            boolean wasRefused = false;
            while (true) {
                long seen = replica.marks().writes();
                long upTo = replica.upTo(); // before the confirmation, which may be later
                List<Confirmations.Change> left = changes(next);
                if (left.isEmpty()) {
                    return;
                }
                requireLasting(inTerm, lead); // last: what was read is then of a past in which the term lasts
                boolean isRefused = !commit(left, upTo, inTerm, seen);
                if (isRefused && wasRefused) {
                    throw termIsOver(inTerm);
                }
                wasRefused = isRefused; // at first perhaps by its own repetition
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next changes that lead to a confirmation, as many as fit into a transaction. */
    private List<Confirmations.Change> changes(Confirmation next) {
        List<Confirmations.Change> all = Confirmations.changes(etcd.keys(), replica.confirmation(), next);
        return all.subList(0, Math.min(all.size(), Math.min(MAX_CLUSTERS, mostKeys)));
    }

    private boolean commit(List<Confirmations.Change> changes, long upTo, long inTerm, long seen)
            throws InterruptedException {
        Confirmations.Change list = Confirmations.list(etcd.keys(), replica.confirmation());
        List<Cmp> conditions = new ArrayList<>(List.of(transactions.hasTaken(seen)));
        List<Op> operations = new ArrayList<>();
        for (Confirmations.Change each : changes) {
            conditions.add(Transactions.isNotAfter(each.key(), upTo));
            operations.add(each.operation());
        }
        if (changes.stream().noneMatch(each -> each.key().equals(list.key()))) {
            conditions.add(Transactions.isNotAfter(list.key(), upTo));
            if (changes.stream().anyMatch(Confirmations.Change::isDeletion)) {
                operations.add(list.operation());
            }
        }
        return commit(conditions, operations, inTerm);
    }

    /**
     * Registers the owner of the state, unless it has one.
     *
     * @return the owner
     */
    String registerOwner(String home, long inTerm) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Keys keys = etcd.keys();
            if (replica.marks().owner().isEmpty()) {
                List<Op> put = List.of(Transactions.put(keys.owner(), bytes(home)));
                commit(List.of(Transactions.isAt(keys.owner(), 0)), put, inTerm);
            }
            return replica.marks().owner().orElseThrow(() -> termIsOver(inTerm));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes tombstones, in several transactions, unless another process has changed them. The key {@code forgotten}
     * then has at least their highest revision, so that a process that was cut off finds out whether it has seen them.
     *
     * @param old the entries of the tombstones
     */
    void forget(List<Entry> old, long inTerm) throws InterruptedException {
        for (int from = 0; from < old.size(); from += mostKeys) {
            lock.lockInterruptibly();
            try {
                forgetAtOnce(old.subList(from, Math.min(old.size(), from + mostKeys)), inTerm);
            } finally {
                lock.unlock();
            }
        }
    }

    private void forgetAtOnce(List<Entry> old, long inTerm) throws InterruptedException {
        List<Cmp> conditions = new ArrayList<>();
        List<Op> operations = new ArrayList<>();
        long forgotten = replica.marks().forgotten();
        for (Entry each : old) {
            Removal<?> gone = each.tombstone();
            ByteSequence key = each.key(etcd.keys());
            if (gone != null && key != null && replica.entry(gone.arn()).revision() == each.revision()) {
                conditions.add(Transactions.isAt(key, each.revision()));
                operations.add(Op.delete(key, DeleteOption.DEFAULT));
                forgotten = Math.max(forgotten, each.revision());
            }
        }
        if (!operations.isEmpty()) {
            operations.add(Transactions.put(etcd.keys().forgotten(), bytes(Long.toString(forgotten))));
            commit(conditions, operations, inTerm); // if a tombstone has changed, the next call decides again
        }
    }

    /** Commits operations in a term; returns whether the conditions held. The replica then shows the last write. */
    private boolean commit(List<Cmp> conditions, List<Op> operations, long inTerm) throws InterruptedException {
        requireTerm(inTerm);
        long deadline = transactions.deadline();
        List<Cmp> all = new ArrayList<>(conditions);
        all.add(transactions.isLeader(inTerm));
        TxnResponse answer = transactions.commit(all, operations);
        transactions.awaitShown(answer, replica, deadline);
        return answer.isSucceeded();
    }

    /** Fails without a term, since the condition on the leader would hold where no process leads. */
    private void requireTerm(long inTerm) {
        if (inTerm == 0) {
            throw transactions.notLeading();
        }
    }

    private void requireLasting(long inTerm, Writer.Term lead) {
        if (lead.now() != inTerm) {
            throw termIsOver(inTerm);
        }
    }

    private StateStoreException termIsOver(long inTerm) {
        return new StateStoreException(
                etcd + ": the term " + inTerm + " is over (expected: to lead)",
                new IllegalStateException("term " + inTerm));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
