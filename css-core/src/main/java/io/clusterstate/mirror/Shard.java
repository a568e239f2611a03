package io.clusterstate.mirror;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A part of an account's clusters, by their ARNs. Processes of different versions divide alike, so the algorithm never
 * changes.
 *
 * <p>Thread: immutable.
 *
 * @param index from 0 to {@code count} - 1
 * @param count the number of shards
 */
record Shard(int index, int count) {

    /** Of the generator in "A Fast, Minimal Memory, Consistent Hash Algorithm", Lamping and Veach, 2014. */
    private static final long MULTIPLIER = 2862933555777941757L;

    private static final double TWO_TO_31 = 1L << 31;

    Shard {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
        }
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("index: " + index + " (expected: 0 to " + (count - 1) + ")");
        }
    }

    boolean includes(String clusterArn) {
        return indexOf(clusterArn, count) == index;
    }

    /** The shard of a cluster: jumps from shard to shard, as the count grows, until the next jump would leave it. */
    static int indexOf(String clusterArn, int count) {
        long key = keyOf(clusterArn);
        long index = 0;
        for (long next = 0; next < count; ) {
            index = next;
            key = key * MULTIPLIER + 1;
            next = (long) ((index + 1) * (TWO_TO_31 / (double) ((key >>> 33) + 1)));
        }
        return (int) index;
    }

    private static long keyOf(String clusterArn) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(clusterArn.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: absent (expected: in every Java runtime)", e);
        }
    }
}
