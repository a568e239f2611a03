package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Environment;
import java.time.Instant;

/**
 * A linearizable read of the head. It gives the revision that a current replica must reach.
 *
 * <p>Thread: one thread at a time.
 */
final class HeadCheck {

    private static final long UNKNOWN = -1;

    private final EtcdCall<ReadClient, Page> call;
    private final Environment environment;
    private final long from;
    private final long seen;
    private final long sentAt;
    private final Instant sentOn;
    private long head = UNKNOWN;
    private long answeredAt;

    /**
     * Sends the read. Its wall time is taken first, so that a stale link never looks fresher than it is.
     *
     * @param replica the replica; the check compares etcd's answer with its present revision and number of writes
     */
    HeadCheck(EtcdNamespace etcd, Replica replica, Environment environment) {
        this.environment = environment;
        this.from = replica.upTo();
        this.seen = replica.marks().writes();
        this.sentOn = environment.clock().instant();
        this.sentAt = environment.time().nanos();
        KeyRange range = KeyRange.of(etcd.keys().head());
        this.call = etcd.reads().begin("the head", client -> client.read(range, ReadClient.PRESENT, 1));
    }

    /** The time of sending, monotonic, in nanoseconds. */
    long sentAt() {
        return sentAt;
    }

    /** The time of sending by the wall clock. */
    Instant sentOn() {
        return sentOn;
    }

    /**
     * Whether etcd has answered.
     *
     * @throws EtcdFailure if the read has failed
     * @throws LostTrackException if etcd is at an earlier revision than the replica, or has taken fewer writes
     */
    boolean isAnswered() throws LostTrackException {
        Page answer = head == UNKNOWN ? call.poll().orElse(null) : null;
        if (answer != null) {
            accept(answer);
        }
        return head != UNKNOWN;
    }

    private void accept(Page answer) throws LostTrackException {
        long now = answer.revision();
        if (now < from) {
            throw LostTrackException.wentBack(now, from);
        }
        long writes =
                answer.updates().stream().mapToLong(KeyUpdate::version).max().orElse(0); // 0: there is no head
        if (writes < seen) {
            throw new LostTrackException(
                    LostTrackException.Kind.REPLACED,
                    "etcd has taken " + writes + " writes, and had taken " + seen + " before");
        }
        answeredAt = environment.time().nanos();
        head = answer.updates().stream().mapToLong(KeyUpdate::revision).max().orElse(0);
    }

    /** The revision of the last write when the read was sent; negative while there is no answer. */
    long head() {
        return head;
    }

    /** The time of the answer, monotonic, in nanoseconds. */
    long answeredAt() {
        return answeredAt;
    }
}
