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
 * A replica, and the loop that keeps it where etcd is: what a store and a reader have in common.
 *
 * <p>Thread: safe for any thread.
 */
final class FollowedReplica {

    /** After so many failures in a row the pause grows no more: about three seconds. */
    static final int GROWS_UNTIL = 5;

    private final EtcdConnection connection;
    private final Keys keys;
    private final Replica replica;
    private final Follower follower;
    private final Loop loop;

    FollowedReplica(Etcd etcd, ChangeJournal journal, Environment environment, Duration staleAfter) {
        this.connection = etcd.connection();
        this.keys = etcd.keys();
        this.replica = new Replica(keys, journal);
        this.follower = new Follower(connection, keys, replica, environment, staleAfter);
        this.loop = new Loop("etcd-follow", environment, follower::step, GROWS_UNTIL);
    }

    EtcdConnection connection() {
        return connection;
    }

    Keys keys() {
        return keys;
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

    /** What is wrong, for people; empty if nothing is. */
    Optional<String> problem() {
        int unreadable = replica.unreadable();
        return follower.broken()
                .or(() -> unreadable == 0
                        ? Optional.empty()
                        : Optional.of(connection + ": " + unreadable
                                + " values cannot be read (expected: none); what was known of them before is shown"));
    }

    /** See {@link io.clusterstate.spi.Coordination#currentRevision}. */
    long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long head;
        try {
            head =
                    connection
                            .call("the present revision", limit, client -> client.getKVClient()
                                    .get(keys.head()))
                            .getKvs()
                            .stream()
                            .mapToLong(pair -> pair.getModRevision())
                            .max()
                            .orElse(0);
        } catch (EtcdFailure e) {
            TimeoutException late = new TimeoutException(e.getMessage());
            late.initCause(e);
            throw late;
        }
        if (!replica.awaitUpTo(head, deadline)) {
            throw new TimeoutException(connection + ": at revision " + replica.upTo() + " after " + limit
                    + " (expected: " + head + "); " + link());
        }
        return replica.journal().snapshot().revision();
    }

    /** Lets following end; does not wait. */
    void stop() {
        loop.stop();
        loop.interrupt();
    }

    /** Waits until following has ended, and ends the watch in any case; the connection stays. */
    void awaitEnd(Duration limit) throws InterruptedException {
        try {
            loop.join(limit);
        } finally {
            follower.close();
        }
    }
}
