package io.clusterstate.etcd;

import java.time.Duration;

/** The past of an etcd, beside the one that a process has seen. A restore from a backup replaces it. */
enum Past {
    /** etcd has the last write that the process has seen, and so all earlier ones. */
    SAME,
    /** etcd has another write in its place, or none. */
    OTHER,
    /** etcd is at an earlier revision. */
    EARLIER;

    /**
     * Compares by a linearizable read of the head as of an earlier revision.
     *
     * @param seen the last write that the process had seen at that revision
     * @param revision a revision from that of the write on, and before that of the next; at least 1
     * @throws EtcdFailure if etcd does not answer, or has compacted the revision
     */
    static Past of(EtcdNamespace etcd, Head seen, long revision, Duration limit) throws InterruptedException {
        KeyRange head = KeyRange.of(etcd.keys().head());
        try {
            Page answer = etcd.reads()
                    .call("the head at revision " + revision, limit, client -> client.read(head, revision, 1));
            return Head.in(answer).equals(seen) ? SAME : OTHER;
        } catch (EtcdFailure e) {
            if (e.kind() == EtcdFailure.Kind.FUTURE) {
                return EARLIER;
            }
            throw e;
        }
    }
}
