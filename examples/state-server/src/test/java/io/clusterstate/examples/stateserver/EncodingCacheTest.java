package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What many streams say. */
class EncodingCacheTest {

    @Test
    void isWrittenOnceForAllWhoSayTheSame() throws IOException {
        EncodingCache written = new EncodingCache();
        AtomicInteger writings = new AtomicInteger();
        EncodingCache.Encoder writing = () -> new byte[] {(byte) writings.incrementAndGet()};

        byte[] first = written.of(new EncodingCache.Key("", 7, "a"), writing);

        assertSame(first, written.of(new EncodingCache.Key("", 7, "a"), writing));
        assertEquals(2, written.of(new EncodingCache.Key("", 7, "b"), writing)[0]);
        assertEquals(3, written.of(new EncodingCache.Key("", 8, "a"), writing)[0]);
        assertEquals(4, written.of(new EncodingCache.Key("6", 7, "a"), writing)[0]);
    }
}
