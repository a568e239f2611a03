package io.clusterstate.examples.stateserver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What many streams say is written once: they are told the same changes at about the same time. Holds the last few
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

    /** Which words: of one change, or of a part of a batch. */
    record Key(long since, long revision, String part) {}

    /** Writes what is asked for. */
    @FunctionalInterface
    interface Encoder {
        byte[] write() throws IOException;
    }

    /** The bytes of that key. Two who ask at once may both write, and write the same. */
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
