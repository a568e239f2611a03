package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.testing.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private final AtomicInteger advances = new AtomicInteger();
    private final Lifecycle lifecycle = new Lifecycle(advances::incrementAndGet);

    @Test
    void goesOnlyForward() {
        assertTrue(lifecycle.advance(Phase.READY));
        assertFalse(lifecycle.advance(Phase.LOADING));
        assertFalse(lifecycle.advance(Phase.READY));
        assertEquals(Phase.READY, lifecycle.phase());
    }

    @Test
    @Promise(5)
    void saysWhyItIsNotReady() {
        assertEquals(
                "the mirror is LATENT (expected: READY)", lifecycle.notReady().getMessage());
    }

    @Test
    void isReadyUntilItIsClosed() {
        lifecycle.advance(Phase.READY);
        assertTrue(lifecycle.isReady());

        lifecycle.advance(Phase.CLOSED);

        assertFalse(lifecycle.isReady());
        assertTrue(lifecycle.isClosed());
    }

    @Test
    void wakesThoseWhoWaitWheneverItGoesOn() {
        lifecycle.advance(Phase.LOADING);
        lifecycle.advance(Phase.LATENT);

        assertEquals(1, advances.get());
    }
}
