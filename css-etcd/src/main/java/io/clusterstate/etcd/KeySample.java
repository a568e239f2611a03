package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A sample of the keys of all entities and tombstones, which divides them into ranges of about equal numbers of keys. A
 * hash decides which keys belong to it, so that it follows each put and each deletion. A process without tombstones
 * knows by it where they lie in etcd.
 *
 * <p>Thread: one thread at a time.
 */
final class KeySample {

    private static final int RATE_BITS = 7;
    /** On average, one key of this number belongs to the sample. */
    static final int RATE = 1 << RATE_BITS;

    /** Spreads the bits of a hash; the high bits of the product depend on all of them. */
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);

    /** Takes in an update of an entity's key. */
    void add(KeyUpdate update) {
        if (!isOfSample(update.key())) {
            return;
        }
        if (update.value() == null) {
            keys.remove(update.key().getBytes());
        } else {
            keys.add(update.key().getBytes());
        }
    }

    private static boolean isOfSample(ByteSequence key) {
        return (key.hashCode() * GOLDEN_RATIO) >>> (Integer.SIZE - RATE_BITS) == 0;
    }

    /** The ends of ranges of about this number of keys, and of at least {@link #RATE}, in etcd's order. */
    List<ByteSequence> keyEvery(int distance) {
        int step = Math.max(1, distance / RATE);
        List<ByteSequence> ends = new ArrayList<>();
        int i = 0;
        for (byte[] key : keys) {
            i++;
            if (i % step == 0) {
                ends.add(ByteSequence.from(key));
            }
        }
        return ends;
    }
}
