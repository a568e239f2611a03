package io.clusterstate.etcd;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.ChangeJournal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A replica and the loop that makes it follow etcd, as a store and a reader both have them.
 *
 * <p>Thread: safe for any thread.
 */
final class FollowedReplica {

    /** The pause between attempts grows up to this number of failures in a row, which makes about three seconds. */
    static final int GROWS_UNTIL = 5;

    private final EtcdNamespace etcd;
    private final Replica replica;
    private final Follower follower;
    private final Loop loop;

    /**
     * A replica that follows nothing yet.
     *
     * @param hasTombstones see {@link Replica#Replica}
     */
    FollowedReplica(
            Etcd etcd, ChangeJournal journal, Environment environment, Duration staleAfter, boolean hasTombstones) {
        this.etcd = etcd.connect();
        this.replica = new Replica(this.etcd.keys(), journal, hasTombstones);
        this.follower = new Follower(this.etcd, replica, environment, staleAfter);
        this.loop = new Loop("etcd-follow", environment, follower::step, GROWS_UNTIL);
    }

    EtcdNamespace etcd() {
        return etcd;
    }

    Replica replica() {
        return replica;
    }

    Follower follower() {
        return follower;
    }

    void start() {
        loop.start();
    }

    StoreLink link() {
        return follower.link();
    }

    LoopStatus status() {
        return loop.status();
    }

    void reviveIfDead() {
        loop.reviveIfDead();
    }

    /** A sentence for people about what is wrong; empty if nothing is. */
    Optional<String> problem() {
        return follower.fatalProblem().or(this::formatProblem).or(() -> unreadable(replica.unreadable()));
    }

    /** A sentence for people if a later version of the library wrote values that this one cannot show. */
    Optional<String> formatProblem() {
        int hidden = replica.hidden();
        return hidden == 0
                ? Optional.empty()
                : Optional.of(etcd + ": values of a later format: " + hidden + " (expected: none above format "
                        + ValueFormat.FORMAT + "); the view lacks them, update the library in this process");
    }

    private Optional<String> unreadable(int values) {
        return values == 0
                ? Optional.empty()
                : Optional.of(etcd + ": " + values + " values cannot be read (expected: none); the view keeps their"
                        + " last readable state");
    }

    /** See {@link io.clusterstate.spi.Coordination#currentRevision}. */
    long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            Head before = replica.head();
            while (!isCurrent(before, limit, deadline)) {
                awaitOther(before, limit, deadline);
                before = replica.head();
            }
            return replica.journal().snapshot().revision();
        } catch (EtcdFailure e) {
            TimeoutException late = new TimeoutException(e.getMessage());
            late.initCause(e);
            throw late;
        }
    }

    /**
     * Waits until the replica has etcd's last write; returns false if etcd has another past than the replica.
     *
     * @param before the last write that the replica had shown before this call
     */
    private boolean isCurrent(Head before, Duration limit, long deadline)
            throws TimeoutException, InterruptedException {
        Head last = readHead(deadline);
        if (last.contradicts(before)) {
            return false;
        }
        if (!replica.awaitUpTo(last.revision(), deadline)) {
            throw new TimeoutException(etcd + ": at revision " + replica.upTo() + " after " + limit + " (expected: "
                    + last.revision() + "); " + link());
        }
        Head shown = replica.head();
        return shown.equals(last)
                || (shown.revision() > last.revision()
                        && Past.of(etcd, shown, shown.revision(), left(deadline)) == Past.SAME);
    }

    private Head readHead(long deadline) throws InterruptedException {
        KeyRange head = KeyRange.of(etcd.keys().head());
        return Head.in(etcd.reads()
                .call("the present revision", left(deadline), client -> client.read(head, ReadClient.PRESENT, 1)));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Waits until the replica has followed a replaced past, which the loop notices by itself. */
    private void awaitOther(Head shown, Duration limit, long deadline) throws TimeoutException, InterruptedException {
        Optional<String> problem = follower.fatalProblem();
        if (problem.isPresent() || !replica.awaitOther(shown, deadline)) {
            throw new TimeoutException(problem.orElseGet(() -> etcd + ": its past was replaced, as by a restore from a"
                    + " backup; after " + limit + " the view still shows write " + shown.writes()
                    + " (expected: what etcd holds now); " + link()));
        }
    }

    /** Asks the loop to end; does not wait. */
    void stop() {
        loop.stop();
        loop.interrupt();
    }

    /** Waits for the end of the loop, and ends the watch in any case; the connection stays open. */
    void awaitEnd(Duration limit) throws InterruptedException {
        try {
            loop.join(limit);
        } finally {
            follower.close();
        }
    }
}
