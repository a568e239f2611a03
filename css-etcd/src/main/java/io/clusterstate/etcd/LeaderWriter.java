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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The writes that only the leader may make: confirmations, the owner of the state, and the end of old tombstones. Each
 * has the condition that the term still lasts, and returns when the replica shows it.
 *
 * <p>Thread: safe for any thread; one write at a time.
 */
final class LeaderWriter {

    /** The most keys of clusters in one transaction. */
    private static final int MAX_CLUSTERS = 100;

    /** A write of another process explains the first, and a repetition of the request the second. */
    private static final int MAX_REFUSALS = 2;

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
     * Writes the parts of a confirmation that differ from the replica's. A confirmation is about the replica's past.
     * After a restore from a backup, etcd may have another past in the same term. Each transaction therefore has a
     * condition that holds in the replica's past alone. It holds once, so that a request which etcd carries out late,
     * as a member that has hung, brings back nothing.
     *
     * @param lead the term in which this process leads; it ends before the replica shows a replaced past
     */
    void confirm(Confirmation next, long inTerm, Writer.Term lead) throws InterruptedException {
        requireTerm(inTerm);
        lock.lockInterruptibly();
        try {
            int refusals = 0;
            while (true) {
                Head seen = replica.head(); // before the confirmation, which may be later
                List<Op> left = changes(next);
                if (left.isEmpty()) {
                    return;
                }
                requireLasting(inTerm, lead); // last: what was read is then of a past in which the term lasts
                List<Cmp> isSamePast = refusals == 0 ? seen.isLast(etcd.keys()) : fence(seen, inTerm);
                refusals = commit(isSamePast, left, inTerm) ? 0 : refusals + 1;
                if (refusals > MAX_REFUSALS) {
                    throw termIsOver(inTerm);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next changes that lead to a confirmation, as many as fit into a transaction, and the fence. */
    private List<Op> changes(Confirmation next) {
        List<Confirmations.Change> all = Confirmations.changes(etcd.keys(), replica.confirmation(), next);
        List<Op> operations = all.stream()
                .limit(Math.min(MAX_CLUSTERS, mostKeys))
                .map(Confirmations.Change::operation)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!operations.isEmpty()) {
            operations.add(putFence());
        }
        return operations;
    }

    private Op putFence() {
        return Transactions.put(etcd.keys().fence(), ByteSequence.EMPTY);
    }

    /**
     * Puts a key that only confirmations put, and returns the condition that it is still the same. Other processes
     * write all the time, so that a condition on the head may never hold. A slow etcd gets the request several times:
     * the put has a condition that holds once, and the key shows whether it has succeeded.
     *
     * @throws StateStoreException if etcd, which has the fence by then, lacks a write that the replica has shown
     */
    private List<Cmp> fence(Head seen, long inTerm) throws InterruptedException {
        ByteSequence key = etcd.keys().fence();
        ByteSequence name = Head.newName();
        List<Cmp> once = List.of(Transactions.isAt(key, readFence().revision()), transactions.isLeader(inTerm));
        transactions.commit(once, List.of(Transactions.put(key, name)));
        Head put = readFence();
        boolean isPut = put.name().equals(name.toString(StandardCharsets.UTF_8));
        Duration limit = etcd.reads().timeout();
        if (!isPut || Past.of(etcd, seen, seen.revision(), limit) != Past.SAME) {
            throw termIsOver(inTerm);
        }
        return List.of(Transactions.isAt(key, put.revision()));
    }

    /** The last put of the fence; a fence is named like a head. */
    private Head readFence() throws InterruptedException {
        KeyRange fence = KeyRange.of(etcd.keys().fence());
        return Head.in(etcd.reads().call("the fence", client -> client.read(fence, ReadClient.PRESENT, 1)));
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
