package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The put of one entity's key in a transaction.
 *
 * @param key the key of the entity
 * @param expectedRevision the revision that the key must still have; 0 if it must not exist
 * @param value the bytes of the content
 * @param content the entity without a revision, or the tombstone
 */
record PlannedPut(ByteSequence key, long expectedRevision, ByteSequence value, StoredValue.Decoded content) {

    /** The put of an entity; the observation's revision does not count. */
    static PlannedPut of(ByteSequence key, long expectedRevision, Observed<?> observed) {
        Observed<?> withoutRevision = observed.at(0);
        return new PlannedPut(
                key,
                expectedRevision,
                ByteSequence.from(ValueFormat.write(withoutRevision)),
                new StoredValue.Present(withoutRevision));
    }

    /** The put of a tombstone, which may be forgotten from a moment on. */
    static PlannedPut of(ByteSequence key, long expectedRevision, Removal<?> removal, Instant until) {
        return new PlannedPut(
                key,
                expectedRevision,
                ByteSequence.from(ValueFormat.write(removal, until)),
                new StoredValue.Tombstone(removal, until));
    }

    /** The entity; null if it is gone. */
    @Nullable Observed<?> present() {
        return content instanceof StoredValue.Present now ? now.observed() : null;
    }

    /** The removal to remember; null if the entity exists. */
    @Nullable Removal<?> tombstone() {
        return content instanceof StoredValue.Tombstone gone ? gone.removal() : null;
    }

    /** The bytes that this put adds to a request: the key stands in it twice, in the condition and in the put. */
    int size() {
        return value.size() + 2 * key.size();
    }
}
