package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to etcd. It decides on the state of the replica, commits on the condition that no key has changed meanwhile,
 * and waits until the replica shows the write. After a conflict it waits for the other write, and decides again.
 *
 * <p>A caller waits while another caller's write is in flight. All requests that wait are written together.
 *
 * <p>Thread: safe for any thread.
 */
final class Writer {

    /** The most changes that are taken from the queue at once, so that the first caller does not wait for long. */
    private static final int MAX_CHANGES = 1_000;

    /** The most keys of clusters in one transaction. */
    private static final int MAX_CLUSTERS = 100;

    private static final long CONFLICT = -1;
    private static final long NOT_LEADING = -2;
    private static final Duration PAUSE_AFTER_CONFLICT = Duration.ofMillis(2);

    private final EtcdNamespace etcd;
    private final Replica replica;
    private final Term term;
    private final WriteLimits limits;
    private final Environment environment;
    private final Transactions transactions;
    private final Leases leases;
    private final RefusalLog refusals = new RefusalLog();
    private final ConcurrentLinkedQueue<WriteRequest> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** The term in which this process leads. */
    @FunctionalInterface
    interface Term {

        /** The revision at which this process became the leader; 0 if it does not lead. */
        long now();
    }

    Writer(EtcdNamespace etcd, Replica replica, Term term, WriteLimits limits, Environment environment) {
        this.etcd = etcd;
        this.replica = replica;
        this.term = term;
        this.limits = limits;
        this.environment = environment;
        this.transactions = new Transactions(etcd);
        this.leases = new Leases(etcd.connection(), limits);
    }

    /** The failure of the last write; empty if it succeeded. */
    Optional<String> failure() {
        return transactions.failure();
    }

    /** Finds out whether etcd takes writes again. */
    void probe() throws InterruptedException {
        transactions.probe();
    }

    /** Applies changes; when it returns, etcd has them and the replica shows them. */
    List<Applied> apply(List<? extends Change<?>> changes) throws InterruptedException {
        WriteRequest request = new WriteRequest(changes);
        if (request.needsLeadership() && term.now() == 0) {
            throw notLeading();
        }
        queue.add(request);
        try {
            lock.lockInterruptibly();
            try {
                while (!request.isDone()) {
                    writeQueued();
                }
            } finally {
                lock.unlock();
            }
        } finally {
            queue.remove(request);
        }
        return request.result();
    }

    /** Writes the parts of a confirmation that differ from the replica's. */
    void confirm(Confirmation next, long inTerm) throws InterruptedException {
        if (inTerm == 0) {
            throw notLeading(); // the condition would hold where no process leads
        }
        lock.lockInterruptibly();
        try {
            List<Op> operations = Confirmations.operations(etcd.keys(), replica.confirmation(), next);
            int most = Math.min(MAX_CLUSTERS, limits.mostKeys());
            for (int from = 0; from < operations.size(); from += most) {
                commitInTerm(operations.subList(from, Math.min(operations.size(), from + most)), inTerm);
            }
        } finally {
            lock.unlock();
        }
    }

    private void commitInTerm(List<Op> operations, long inTerm) throws InterruptedException {
        long deadline = deadline();
        TxnResponse answer = transactions.commit(List.of(transactions.isLeader(inTerm)), operations);
        if (!answer.isSucceeded()) {
            throw new StateStoreException(
                    etcd + ": the term " + inTerm + " is over (expected: to lead)",
                    new IllegalStateException("term " + inTerm));
        }
        awaitReplica(answer.getHeader().getRevision(), deadline);
    }

    private StateStoreException notLeading() {
        return new StateStoreException(
                etcd + ": another process leads (expected: to lead)", new IllegalStateException("no term"));
    }

    /** Writes the requests that wait, this thread's own among them. */
    @SuppressWarnings("IllegalCatch") // every request that was taken needs an outcome, whatever fails
    private void writeQueued() throws InterruptedException {
        List<WriteRequest> requests = takeQueued();
        try {
            write(requests);
        } catch (InterruptedException e) {
            requests.stream().filter(request -> !request.isDone()).forEach(queue::add); // another caller writes them
            throw e;
        } catch (StateStoreException e) {
            failAll(requests, e);
        } catch (RuntimeException | Error e) {
            failAll(requests, new StateStoreException(etcd + ": " + e, e)); // else they wait for ever
        }
    }

    private List<WriteRequest> takeQueued() {
        List<WriteRequest> requests = new ArrayList<>();
        int changes = 0;
        for (WriteRequest next = queue.peek(); next != null && changes < MAX_CHANGES; next = queue.peek()) {
            queue.remove(next);
            requests.add(next);
            changes += next.size();
        }
        return requests;
    }

    private static void failAll(List<WriteRequest> requests, StateStoreException why) {
        requests.stream().filter(request -> !request.isDone()).forEach(request -> request.fail(why));
    }

    private void write(List<WriteRequest> requests) throws InterruptedException {
        long deadline = deadline();
        for (RequestCursor next = new RequestCursor(requests); !next.isAtEnd(); next = new RequestCursor(requests)) {
            TransactionDraft draft = new TransactionDraft(
                    replica, etcd.keys(), limits, environment.clock().instant(), refusals);
            fill(draft, new RequestCursor(requests));
            long revision = draft.needsTerm() && term.now() == 0 ? NOT_LEADING : commit(draft, deadline);
            if (revision == NOT_LEADING) {
                failAll(requests.stream().filter(WriteRequest::needsLeadership).toList(), notLeading());
            } else if (revision != CONFLICT) {
                next.complete(draft.applied(revision));
                deadline = deadline();
            } else if (deadline - System.nanoTime() <= 0) {
                throw new EtcdFailure(
                        etcd + ": a write has met conflicts for " + limit() + " (expected: to succeed)",
                        new IllegalStateException("conflict"));
            }
        }
    }

    /** Adds as many whole requests to a draft as fit; of the first request, as many changes as fit. */
    private static void fill(TransactionDraft draft, RequestCursor next) {
        while (!next.isAtEnd()) {
            if (!draft.add(next.change())) {
                draft.rollBack();
                return;
            }
            if (next.advance()) {
                draft.mark();
            }
        }
    }

    /** Commits a draft; returns the revision of the write, which the replica shows by then, or {@link #CONFLICT}. */
    private long commit(TransactionDraft draft, long deadline) throws InterruptedException {
        if (draft.puts().isEmpty()) {
            return replica.journal().snapshot().revision();
        }
        TxnResponse answer = send(draft);
        if (answer.isSucceeded()) {
            long revision = answer.getHeader().getRevision();
            awaitReplica(revision, deadline);
            return revision;
        }
        for (GetResponse head : answer.getGetResponses()) {
            awaitReplica(
                    head.getKvs().stream()
                            .mapToLong(KeyValue::getModRevision)
                            .max()
                            .orElse(0),
                    deadline);
        }
        environment.time().pause(PAUSE_AFTER_CONFLICT); // the end of a lease is a conflict that the head does not count
        return CONFLICT;
    }

    private TxnResponse send(TransactionDraft draft) throws InterruptedException {
        List<Cmp> conditions = new ArrayList<>();
        List<Op> puts = new ArrayList<>();
        for (PlannedPut each : draft.puts()) {
            conditions.add(new Cmp(each.key(), Cmp.Op.EQUAL, CmpTarget.modRevision(each.expectedRevision())));
            puts.add(Transactions.put(each.key(), each.value(), leases.id(each.lifetime())));
        }
        if (draft.needsTerm()) {
            conditions.add(transactions.isLeader(term.now()));
        }
        try {
            return transactions.commit(conditions, puts);
        } catch (EtcdFailure e) {
            if (e.isLeaseGone()) {
                leases.discard();
            }
            throw e;
        }
    }

    private void awaitReplica(long revision, long deadline) throws InterruptedException {
        if (!replica.awaitUpTo(revision, deadline)) {
            throw new EtcdFailure(
                    etcd + ": the watch has delivered up to revision " + replica.upTo() + " (expected: " + revision
                            + ", which is written)",
                    new IllegalStateException("watch behind"));
        }
    }

    private long deadline() {
        return System.nanoTime() + limit().toNanos();
    }

    private Duration limit() {
        return etcd.connection().timeout().multipliedBy(2);
    }
}
