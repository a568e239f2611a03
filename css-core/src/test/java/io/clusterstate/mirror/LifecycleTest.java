package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.NotReadyException;
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
    void tellsWhyItIsNotReady() {
        NotReadyException early = lifecycle.notReady();
        lifecycle.advance(Phase.FAILED, new IllegalStateException("the queue is taken"));
        NotReadyException failed = lifecycle.notReady();

        assertEquals("the mirror is LATENT (expected: READY)", early.getMessage());
        assertEquals("the mirror is FAILED: the queue is taken (expected: READY)", failed.getMessage());
    }

    @Test
    void isOverOnceItHasFailedOrIsClosed() {
        lifecycle.advance(Phase.READY);
        assertFalse(lifecycle.isOver());

        lifecycle.advance(Phase.FAILED, new IllegalStateException("no"));

        assertTrue(lifecycle.isOver());
        assertFalse(lifecycle.isReady());
    }

    @Test
    void wakesThoseWhoWaitWheneverItGoesOn() {
        lifecycle.advance(Phase.LOADING);
        lifecycle.advance(Phase.LATENT);

        assertEquals(1, advances.get());
    }
}
