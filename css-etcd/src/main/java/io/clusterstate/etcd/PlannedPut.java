package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import io.etcd.jetcd.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction puts in place of what was known of one entity.
 *
 * @param key the entity's
 * @param expected the revision that the key must still have; 0 if it must not be there
 * @param value the bytes
 * @param keep how long etcd has to keep it
 * @param present the entity, without a revision; null if it is gone
 * @param tombstone the removal to remember; null if it is there
 */
record PlannedPut(
        ByteSequence key,
        long expected,
        ByteSequence value,
        Keep keep,
        @Nullable Observed<?> present,
        @Nullable Removal<?> tombstone) {

    /** How long etcd has to keep a key by itself. */
    enum Keep {
        /** Until it is replaced. */
        FOR_EVER,
        /** Until it must have been replaced by a tombstone, were there a mirror. */
        ENDED,
        /** Until no late event can come any more. */
        TOMBSTONE
    }

    /** What of a request's size it takes. */
    int size() {
        return value.size() + 2 * key.size();
    }
}
