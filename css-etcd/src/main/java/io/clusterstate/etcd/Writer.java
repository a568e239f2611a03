package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import java.util.ArrayList;
import java.util.List;
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

    private static final long CONFLICT = -1;
    private static final long NOT_LEADING = -2;

    private final EtcdNamespace etcd;
    private final Replica replica;
    private final Term term;
    private final WriteLimits limits;
    private final Environment environment;
    private final Transactions transactions;
    private final RefusalLog refusals = new RefusalLog();
    private final ConcurrentLinkedQueue<WriteRequest> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** The term in which this process leads. */
    @FunctionalInterface
    interface Term {

        /** The revision at which this process became the leader; 0 if it does not lead. */
        long now();
    }

    Writer(
            EtcdNamespace etcd,
            Replica replica,
            Transactions transactions,
            Term term,
            WriteLimits limits,
            Environment environment) {
        this.etcd = etcd;
        this.replica = replica;
        this.term = term;
        this.limits = limits;
        this.environment = environment;
        this.transactions = transactions;
    }

    /** Applies changes; when it returns, etcd has them and the replica shows them. */
    List<Applied> apply(List<? extends Change<?>> changes) throws InterruptedException {
        WriteRequest request = new WriteRequest(changes);
        if (request.needsLeadership() && term.now() == 0) {
            throw transactions.notLeading();
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
        long deadline = transactions.deadline();
        for (RequestCursor next = new RequestCursor(requests); !next.isAtEnd(); next = new RequestCursor(requests)) {
            TransactionDraft draft = new TransactionDraft(
                    replica, etcd.keys(), limits, environment.clock().instant(), refusals);
            fill(draft, new RequestCursor(requests));
            long revision = commit(draft, deadline);
            if (revision == NOT_LEADING) {
                failAll(requests.stream().filter(WriteRequest::needsLeadership).toList(), transactions.notLeading());
            } else if (revision != CONFLICT) {
                next.complete(draft.applied(revision));
                deadline = transactions.deadline();
            } else if (deadline - System.nanoTime() <= 0) {
                throw new EtcdFailure(
                        etcd + ": a write has met conflicts for " + transactions.limit() + " (expected: to succeed)",
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

    /**
     * Commits a draft; returns the revision of the write, which the replica shows by then, or {@link #CONFLICT}, or
     * {@link #NOT_LEADING}.
     */
    private long commit(TransactionDraft draft, long deadline) throws InterruptedException {
        if (draft.puts().isEmpty()) {
            return replica.journal().snapshot().revision();
        }
        long inTerm = draft.needsTerm() ? term.now() : 0; // read once: the condition is on the term that was checked
        if (draft.needsTerm() && inTerm == 0) {
            return NOT_LEADING;
        }
        replica.ownPuts().begin(draft.puts());
        try {
            TxnResponse answer = send(draft, inTerm);
            transactions.awaitShown(answer, replica, deadline);
            return answer.isSucceeded() ? answer.getHeader().getRevision() : CONFLICT;
        } finally {
            replica.ownPuts().end(draft.puts());
        }
    }

    private TxnResponse send(TransactionDraft draft, long inTerm) throws InterruptedException {
        List<Cmp> conditions = new ArrayList<>();
        List<Op> puts = new ArrayList<>();
        for (PlannedPut each : draft.puts()) {
            conditions.add(Transactions.isAt(each.key(), each.expectedRevision()));
            puts.add(Transactions.put(each.key(), each.value()));
        }
        if (inTerm != 0) {
            conditions.add(transactions.isLeader(inTerm));
        }
        return transactions.commit(conditions, puts);
    }
}
