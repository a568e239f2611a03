package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the key of an entity.
 *
 * @param present the entity as it is shown; null if it is not
 * @param tombstone the removal that is remembered; null if there is none
 * @param until when the tombstone may be forgotten
 * @param revision the key's, by which a write compares; 0 if there is no such key
 * @param isLater whether a later version of the library wrote it, so that this one must not write over it
 */
record Entry(
        @Nullable Observed<?> present, @Nullable Removal<?> tombstone, Instant until, long revision, boolean isLater) {

    /** That of a key that is not there. */
    static final Entry NONE = new Entry(null, null, Instant.MIN, 0, false);

    static Entry of(Observed<?> present, long revision) {
        return new Entry(present, null, Instant.MIN, revision, false);
    }

    static Entry of(StoredValue.Tombstone gone, long revision) {
        return new Entry(null, gone.removal(), gone.until(), revision, false);
    }

    /** What is shown goes on to be shown where what was written cannot be read. */
    Entry unreadable(long newRevision, boolean later) {
        return new Entry(present, tombstone, until, newRevision, later);
    }

    /** The tombstone, unless it may be forgotten by now. */
    @Nullable Removal<?> tombstoneAt(Instant now) {
        return until.isAfter(now) ? tombstone : null;
    }
}
