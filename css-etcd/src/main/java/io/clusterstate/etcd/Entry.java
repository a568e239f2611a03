package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of an entity's key, as this process knows it.
 *
 * @param present the entity, as the view shows it; null if it does not
 * @param tombstone the remembered removal; null if there is none
 * @param until the moment from which on the tombstone may be forgotten
 * @param revision the revision of the key, which a write expects; 0 if there is no key
 * @param isLater whether a later version of the library wrote the value, so that this version must not overwrite it
 */
record Entry(
        @Nullable Observed<?> present, @Nullable Removal<?> tombstone, Instant until, long revision, boolean isLater) {

    /** The entry of a key that does not exist. */
    static final Entry NONE = new Entry(null, null, Instant.MIN, 0, false);

    static Entry of(Observed<?> present, long revision) {
        return new Entry(present, null, Instant.MIN, revision, false);
    }

    static Entry of(StoredValue.Tombstone gone, long revision) {
        return new Entry(null, gone.removal(), gone.until(), revision, false);
    }

    /** This entry after a value that cannot be read was put; the view keeps what it shows. */
    Entry unreadable(long newRevision, boolean later) {
        return new Entry(present, tombstone, until, newRevision, later);
    }

    /** Whether there is a value, of which this version of the library has never read any. */
    boolean isHidden() {
        return isLater && present == null && tombstone == null;
    }

    /** Whether a value of the key is the one that this entry shows; a value that cannot be read may be. */
    boolean isShownBy(KeyUpdate update) {
        byte[] bytes = update.value();
        StoredValue value = bytes == null ? null : ValueFormat.read(bytes, update.revision());
        if (value instanceof StoredValue.Present now) {
            Observed<?> stored = now.observed();
            return present != null
                    && stored.value().equals(present.value())
                    && stored.observedAt().equals(present.observedAt());
        }
        return value instanceof StoredValue.Tombstone gone ? gone.removal().equals(tombstone) : value != null;
    }

    /** The name of the key; null if the kind and the cluster are unknown. */
    @Nullable ByteSequence key(Keys keys) {
        if (present != null) {
            return keys.entity(present.kind(), present.clusterArn(), present.arn());
        }
        return tombstone == null ? null : keys.entity(tombstone.kind(), tombstone.clusterArn(), tombstone.arn());
    }

    /** The tombstone, unless it may be forgotten by now. */
    @Nullable Removal<?> tombstoneAt(Instant now) {
        return until.isAfter(now) ? tombstone : null;
    }
}
