package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.watch.WatchEvent;
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
record KeyUpdate(ByteSequence key, @Nullable ByteSequence value, long revision, long created, long version) {

    static KeyUpdate of(KeyValue pair) {
        return new KeyUpdate(
                pair.getKey(), pair.getValue(), pair.getModRevision(), pair.getCreateRevision(), pair.getVersion());
    }

    static KeyUpdate of(WatchEvent event) {
        KeyValue pair = event.getKeyValue();
        return event.getEventType() == WatchEvent.EventType.DELETE
                ? new KeyUpdate(pair.getKey(), null, pair.getModRevision(), 0, 0)
                : of(pair);
    }
}
