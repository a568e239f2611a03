package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The words of a link. */
class StoreLinkTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void namesItsStartIfItHasOne() {
        assertEquals("LIVE", StoreLink.LOCAL.toString());
        assertEquals("STALE since 2026-03-01T12:00:00Z", new StoreLink(StoreLink.State.STALE, NOON).toString());
    }
}
