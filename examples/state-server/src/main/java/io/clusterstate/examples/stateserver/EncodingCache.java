package io.clusterstate.examples.stateserver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Caches encoded changes, since many streams send equal changes at about the same time. It holds the last few
 * megabytes.
 *
 * <p>Thread: safe for any thread.
 */
final class EncodingCache {

    private static final long MOST_BYTES = 8 * 1024 * 1024;

    private final Cache<Key, byte[]> written = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .<Key, byte[]>weigher((key, bytes) -> bytes.length)
            .build();

    /**
     * The key of an encoding: a change, or a part of a batch.
     *
     * @param seen the revisions of the client in the encoding
     * @param revision the revision of the change or the batch
     * @param part the change, or the place and the part
     */
    record Key(String seen, long revision, String part) {}

    /** Encodes a change. */
    @FunctionalInterface
    interface Encoder {
        byte[] write() throws IOException;
    }

    /** The bytes for a key. Concurrent callers may both encode, with equal results. */
    byte[] of(Key key, Encoder writing) throws IOException {
        byte @Nullable [] known = written.getIfPresent(key);
        if (known != null) {
            return known;
        }
        byte[] bytes = writing.write();
        written.put(key, bytes);
        return bytes;
    }
}
