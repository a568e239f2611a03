package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;

/**
 * A range of keys.
 *
 * @param from the first key
 * @param to the first key behind the range
 * @param since the least revision of the keys to read; 0 for all
 */
record KeyRange(ByteSequence from, ByteSequence to, long since) {

    private static final ByteSequence NEXT = ByteSequence.from(new byte[1]);

    /** All keys of a state. */
    static KeyRange all(Keys keys) {
        return new KeyRange(keys.all(), keys.end(), 0);
    }

    /** A single key. */
    static KeyRange of(ByteSequence key) {
        return new KeyRange(key, key.concat(NEXT), 0);
    }

    /**
     * The rest of the range behind a key, with all its keys. etcd would read all of them for each page of those written
     * since.
     */
    KeyRange after(ByteSequence key) {
        return new KeyRange(key.concat(NEXT), to, 0);
    }
}
