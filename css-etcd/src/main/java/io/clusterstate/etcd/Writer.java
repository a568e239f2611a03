package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to etcd: decides upon what the replica has, puts that on condition that nobody was faster, and waits until the
 * replica tells it too. If somebody was, it waits for what that was, and decides again.
 *
 * <p>Who comes while another writes waits, and is written with all others who wait, in one transaction.
 *
 * <p>Thread: safe for any thread.
 */
final class Writer {

    /** So many changes at the most are taken from those who wait, so that the first of them does not wait for long. */
    private static final int MOST_CHANGES = 1_000;

    private static final long NO_TERM = -2;
    private static final Duration AGAIN = Duration.ofMillis(2);
    /** Of the keys of clusters in one transaction. */
    private static final int MOST_CLUSTERS = 100;

    /** What somebody wants written. Its fields belong to whoever writes. */
    private static final class Order {
        private final List<? extends Change<?>> changes;
        private final List<Applied> applied = new ArrayList<>();
        private @Nullable StateStoreException failure;

        Order(List<? extends Change<?>> changes) {
            this.changes = changes;
        }

        boolean isDone() {
            return failure != null || applied.size() == changes.size();
        }

        List<Applied> result() {
            if (failure != null) {
                throw new StateStoreException(String.valueOf(failure.getMessage()), failure);
            }
            return List.copyOf(applied);
        }
    }

    private final EtcdConnection connection;
    private final Keys keys;
    private final Replica replica;
    private final Term term;
    private final WriteLimits limits;
    private final Environment environment;
    private final Leases leases;
    private final ConcurrentLinkedQueue<Order> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable String failure;

    /** In which term this process leads. */
    @FunctionalInterface
    interface Term {

        /** The revision at which this process became leader; 0 if it is not. */
        long now();
    }

    Writer(
            EtcdConnection connection,
            Keys keys,
            Replica replica,
            Term term,
            WriteLimits limits,
            Environment environment) {
        this.connection = connection;
        this.keys = keys;
        this.replica = replica;
        this.term = term;
        this.limits = limits;
        this.environment = environment;
        this.leases = new Leases(connection, limits);
    }

    /** Takes changes in; they are safe, and in the replica, when this returns. */
    List<Applied> apply(List<? extends Change<?>> changes) throws InterruptedException {
        if (changes.stream().anyMatch(TransactionDraft::isLeadersOwn) && term.now() == 0) {
            throw notLeading();
        }
        Order order = new Order(List.copyOf(changes));
        waiting.add(order);
        try {
            writing.lockInterruptibly();
            try {
                while (!order.isDone()) {
                    writeAll();
                }
            } finally {
                writing.unlock();
            }
        } finally {
            waiting.remove(order);
        }
        return order.result();
    }

    /** Writes what is confirmed of all that is different from what is known to be confirmed. */
    void confirm(Confirmation next, long inTerm) throws InterruptedException {
        if (inTerm == 0) {
            throw notLeading(); // the condition would hold where nobody leads
        }
        writing.lockInterruptibly();
        try {
            List<Op> puts = differences(next, replica.confirmation());
            int most = Math.min(MOST_CLUSTERS, limits.mostKeys());
            for (int from = 0; from < puts.size(); from += most) {
                putInTerm(puts.subList(from, Math.min(puts.size(), from + most)), inTerm);
            }
        } finally {
            writing.unlock();
        }
    }

    private List<Op> differences(Confirmation next, Confirmation now) {
        List<Op> puts = new ArrayList<>();
        next.clusters().forEach((arn, upTo) -> {
            if (!upTo.equals(now.clusters().get(arn))) {
                puts.add(put(keys.cluster(arn), ByteSequence.from(Confirmations.cluster(upTo)), 0));
            }
        });
        now.clusters().keySet().stream()
                .filter(arn -> !next.clusters().containsKey(arn))
                .forEach(arn -> puts.add(Op.delete(keys.cluster(arn), DeleteOption.DEFAULT)));
        if (next.isLoaded() != now.isLoaded() || !next.listUpTo().equals(now.listUpTo())) {
            ByteSequence list = ByteSequence.from(Confirmations.list(next));
            puts.add(put(keys.list(), list, 0)); // last: it says that the clusters are in
        }
        return puts;
    }

    private void putInTerm(List<Op> puts, long inTerm) throws InterruptedException {
        long deadline = deadline();
        TxnResponse answer = commit(List.of(isLeader(inTerm)), puts);
        if (!answer.isSucceeded()) {
            throw new StateStoreException(
                    connection + ": the term " + inTerm + " is over (expected: to lead)",
                    new IllegalStateException("term " + inTerm));
        }
        awaitTold(answer.getHeader().getRevision(), deadline);
    }

    private StateStoreException notLeading() {
        return new StateStoreException(
                connection + ": another process leads (expected: to lead)", new IllegalStateException("no term"));
    }

    /** Why the last write failed, be it that etcd takes none; empty if it did not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Finds out whether etcd takes writes again. */
    void probe() throws InterruptedException {
        commit(List.of(), List.of());
    }

    /** Writes for all who wait, this thread's own order among them. */
    @SuppressWarnings("IllegalCatch") // whatever it is, all whose orders were taken have to be told
    private void writeAll() throws InterruptedException {
        List<Order> orders = new ArrayList<>();
        int changes = 0;
        for (Order next = waiting.peek(); next != null && changes < MOST_CHANGES; next = waiting.peek()) {
            waiting.remove(next);
            orders.add(next);
            changes += next.changes.size();
        }
        try {
            write(orders);
        } catch (InterruptedException e) {
            orders.stream().filter(order -> !order.isDone()).forEach(waiting::add); // another of them goes on
            throw e;
        } catch (StateStoreException e) {
            failAll(orders, e);
        } catch (RuntimeException | Error e) {
            failAll(orders, new StateStoreException(connection + ": " + e, e)); // else they wait for ever
        }
    }

    private static void failAll(List<Order> orders, StateStoreException why) {
        orders.stream().filter(order -> !order.isDone()).forEach(order -> order.failure = why);
    }

    private void write(List<Order> orders) throws InterruptedException {
        long deadline = deadline();
        for (Place place = new Place(orders); !place.isAtEnd(); place = new Place(orders)) {
            TransactionDraft draft = new TransactionDraft(
                    replica, keys, limits, environment.clock().instant());
            fill(draft, new Place(orders));
            long revision = draft.needsTerm() && term.now() == 0 ? NO_TERM : commit(draft, deadline);
            if (revision == NO_TERM) {
                failLeadersOwn(orders);
            } else if (revision >= 0) {
                place.hand(draft.applied(revision));
                deadline = deadline();
            } else if (deadline - System.nanoTime() <= 0) {
                throw new EtcdFailure(
                        connection + ": others were faster again and again", new IllegalStateException("conflict"));
            }
        }
    }

    /**
     * Who does not lead any more cannot conclude that something is gone; the others' orders have nothing to do with
     * that.
     */
    private void failLeadersOwn(List<Order> orders) {
        failAll(
                orders.stream()
                        .filter(order -> order.changes.stream().anyMatch(TransactionDraft::isLeadersOwn))
                        .toList(),
                notLeading());
    }

    /** Puts as many whole orders into a draft as fit; the first also if it does not fit as a whole. */
    private static void fill(TransactionDraft draft, Place place) {
        while (!place.isAtEnd()) {
            if (!draft.admits(place.change())) {
                draft.takeBack();
                return;
            }
            if (place.advance()) {
                draft.mark();
            }
        }
    }

    /** Returns the revision at which a draft was written and is told; negative if somebody was faster. */
    private long commit(TransactionDraft draft, long deadline) throws InterruptedException {
        if (draft.written().isEmpty()) {
            return replica.journal().snapshot().revision();
        }
        List<Cmp> conditions = new ArrayList<>();
        List<Op> puts = new ArrayList<>();
        for (PlannedPut each : draft.written()) {
            conditions.add(new Cmp(each.key(), Cmp.Op.EQUAL, CmpTarget.modRevision(each.expected())));
            puts.add(put(each.key(), each.value(), leases.id(each.keep())));
        }
        if (draft.needsTerm()) {
            conditions.add(isLeader(term.now()));
        }
        TxnResponse answer = commit(conditions, puts);
        if (answer.isSucceeded()) {
            long revision = answer.getHeader().getRevision();
            awaitTold(revision, deadline);
            return revision;
        }
        for (GetResponse head : answer.getGetResponses()) {
            long faster = head.getKvs().stream()
                    .mapToLong(pair -> pair.getModRevision())
                    .max()
                    .orElse(0);
            awaitTold(faster, deadline);
        }
        environment.time().pause(AGAIN); // what was faster may be the end of a lease, of which the head knows nothing
        return -1;
    }

    private TxnResponse commit(List<Cmp> conditions, List<Op> puts) throws InterruptedException {
        List<Op> all = new ArrayList<>(puts);
        all.add(put(keys.head(), ByteSequence.EMPTY, 0));
        try {
            TxnResponse answer = connection.call("a write of " + puts.size() + " keys", client -> client.getKVClient()
                    .txn()
                    .If(conditions.toArray(Cmp[]::new))
                    .Then(all.toArray(Op[]::new))
                    .Else(Op.get(keys.head(), GetOption.DEFAULT))
                    .commit());
            failure = null;
            return answer;
        } catch (EtcdFailure e) {
            failure = e.getMessage();
            if (e.isLeaseGone()) {
                leases.forget();
            }
            throw e;
        }
    }

    private Cmp isLeader(long own) {
        return new Cmp(keys.leader(), Cmp.Op.EQUAL, CmpTarget.createRevision(own));
    }

    private void awaitTold(long revision, long deadline) throws InterruptedException {
        if (!replica.awaitUpTo(revision, deadline)) {
            throw new EtcdFailure(
                    connection + ": revision " + revision + " is written, and the watch has told " + replica.upTo()
                            + " only",
                    new IllegalStateException("watch behind"));
        }
    }

    private long deadline() {
        return System.nanoTime() + connection.timeout().multipliedBy(2).toNanos();
    }

    static Op put(ByteSequence key, ByteSequence value, long lease) {
        PutOption option = lease == 0
                ? PutOption.DEFAULT
                : PutOption.builder().withLeaseId(lease).build();
        return Op.put(key, value, option);
    }

    /** A place in the changes of several orders. */
    private static final class Place {
        private final List<Order> orders;
        private int order;
        private int change;

        /** At the first change that nothing has come of yet. */
        Place(List<Order> orders) {
            this.orders = orders.stream().filter(each -> !each.isDone()).toList();
            this.change = this.orders.isEmpty() ? 0 : this.orders.get(0).applied.size();
        }

        boolean isAtEnd() {
            return order == orders.size();
        }

        Change<?> change() {
            return orders.get(order).changes.get(change);
        }

        /** Goes on by one; returns whether that leads to another order. */
        boolean advance() {
            int before = order;
            change++;
            skip();
            return order != before;
        }

        /** Hands what the next changes came to to those who want to know, and goes on behind them. */
        void hand(List<Applied> applied) {
            for (Applied each : applied) {
                orders.get(order).applied.add(each);
                advance();
            }
        }

        private void skip() {
            if (change == orders.get(order).changes.size()) {
                order++;
                change = 0;
            }
        }
    }
}
