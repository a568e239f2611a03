package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Environment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
    private final Head shown;
    private final long sentAt;
    private final Instant sentOn;
    private @Nullable Head head;
    private long answeredAt;

    /**
     * Sends the read. Its wall time is taken first, so that a stale link never looks fresher than it is.
     *
     * @param replica the replica; the check compares etcd's answer with its present revision and last write
     */
    HeadCheck(EtcdNamespace etcd, Replica replica, Environment environment) {
        this.environment = environment;
        this.from = replica.upTo();
        this.shown = replica.head();
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
     * @throws LostTrackException if etcd is at an earlier revision than the replica, has taken fewer writes, or has
     *     another last write after as many
     */
    boolean isAnswered() throws LostTrackException {
        Page answer = head == null ? call.poll().orElse(null) : null;
        if (answer != null) {
            accept(answer);
        }
        return head != null;
    }

    private void accept(Page answer) throws LostTrackException {
        long now = answer.revision();
        if (now < from) {
            throw LostTrackException.wentBack(now, from);
        }
        Head last = Head.in(answer);
        if (last.contradicts(shown)) {
            throw LostTrackException.replaced(shown);
        }
        answeredAt = environment.time().nanos();
        head = last;
    }

    /** The revision of the last write when the read was sent; negative while there is no answer. */
    long head() {
        return head == null ? UNKNOWN : head.revision();
    }

    /** The time of the answer, monotonic, in nanoseconds. */
    long answeredAt() {
        return answeredAt;
    }
}
