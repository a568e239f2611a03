package io.clusterstate.etcd;

import java.time.Duration;

/**
 * How much is written at once, and how long it is kept.
 *
 * @param keepEnded how long ended entities are kept after their end
 * @param keepTombstones how long a removal is remembered
 * @param mostKeys of one transaction
 * @param largestValue the largest value of one entity, in bytes
 */
record WriteLimits(Duration keepEnded, Duration keepTombstones, int mostKeys, int largestValue) {

    /**
     * etcd takes 128 operations unless set ({@code --max-txn-ops}); one is the head's, one the comparison of the term.
     */
    static final int MOST_KEYS = 126;

    /** etcd takes requests of 1.5 MiB unless set ({@code --max-request-bytes}). */
    static final int LARGEST_VALUE = 1024 * 1024;

    /** Of values and keys in one request, in bytes. A single value may be as large as is allowed. */
    int largestRequest() {
        return largestValue;
    }
}
