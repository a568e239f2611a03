package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import java.time.Instant;

/** What a key of an entity holds. */
sealed interface StoredValue {

    /** The entity is there; its revision is that of its key. */
    record Present(Observed<?> observed) implements StoredValue {}

    /**
     * The entity is gone, and that is remembered.
     *
     * @param removal as it was proven
     * @param until when that may be forgotten
     */
    record Tombstone(Removal<?> removal, Instant until) implements StoredValue {}

    /**
     * A value that this version of the library cannot read.
     *
     * @param why in words
     * @param isLater whether a later version wrote it, so that this one must not write over it
     */
    record Unreadable(String why, boolean isLater) implements StoredValue {}
}
