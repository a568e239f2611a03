package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import java.time.Instant;

/** The value of an entity's key, as read from etcd or as planned for it. */
sealed interface StoredValue {

    /** A value that this version of the library can read. */
    sealed interface Decoded extends StoredValue {

        /** The ARN of the entity. */
        String arn();

        /** The same value where the key has a revision. */
        Decoded at(long revision);
    }

    /**
     * The entity exists.
     *
     * @param observed the entity; its revision is that of the key, or 0 while the put is only planned
     */
    record Present(Observed<?> observed) implements Decoded {

        @Override
        public String arn() {
            return observed.arn();
        }

        @Override
        public Present at(long revision) {
            return new Present(observed.at(revision));
        }
    }

    /**
     * The entity is gone, and etcd remembers its removal.
     *
     * @param removal the removal, as it was proven
     * @param until the moment from which on it may be forgotten
     */
    record Tombstone(Removal<?> removal, Instant until) implements Decoded {

        @Override
        public String arn() {
            return removal.arn();
        }

        @Override
        public Tombstone at(long revision) {
            return this;
        }
    }

    /**
     * This version of the library cannot read the value.
     *
     * @param why the reason, for people
     * @param isLater whether a later version of the library wrote it, so that this version must not overwrite it
     */
    record Unreadable(String why, boolean isLater) implements StoredValue {}
}
