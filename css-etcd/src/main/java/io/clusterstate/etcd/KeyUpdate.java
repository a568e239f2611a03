package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.watch.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * A key as it became at a revision.
 *
 * @param key the key
 * @param value what it holds; null if it was deleted
 * @param revision etcd's revision of that change
 * @param created the revision at which the key came to be; 0 if it was deleted
 * @param version how many times it was put since
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
