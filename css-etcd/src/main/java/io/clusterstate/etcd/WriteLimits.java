package io.clusterstate.etcd;

import java.time.Duration;

/**
 * The limits of what is written, and of how long it is kept.
 *
 * @param keepEnded the time for which an ended entity is kept after its end
 * @param keepTombstones the time for which a removal is remembered
 * @param mostKeys the most entities in one transaction
 * @param largestValue the largest value of an entity, in bytes
 */
record WriteLimits(Duration keepEnded, Duration keepTombstones, int mostKeys, int largestValue) {

    /** etcd takes 128 operations by default ({@code --max-txn-ops}); one puts the head, and one compares the term. */
    static final int MOST_KEYS = 126;

    /** etcd takes requests of 1.5 MiB by default ({@code --max-request-bytes}). */
    static final int LARGEST_VALUE = 1024 * 1024;

    /** The most bytes of keys and values in one request; a single value of the largest size may exceed it. */
    int largestRequest() {
        return largestValue;
    }
}
