package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * The state of a key after a change.
 *
 * @param key the key
 * @param value the new value; null if the key was deleted
 * @param revision etcd's revision of the change
 * @param created the revision at which the key was created; 0 if it was deleted
 * @param version the number of puts since the creation
 */
@SuppressWarnings("ArrayRecordComponent") // updates are not compared, and nobody changes the bytes
record KeyUpdate(ByteSequence key, byte @Nullable [] value, long revision, long created, long version) {

    static KeyUpdate deletion(ByteSequence key, long revision) {
        return new KeyUpdate(key, null, revision, 0, 0);
    }
}
