package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.MirrorStatus.Phase;
import io.clusterstate.testing.Promise;
import org.junit.jupiter.api.Test;

class LifeTest {

    private final Signal signal = new Signal();
    private final Life life = new Life(signal);

    @Test
    void goesOnlyForward() {
        assertTrue(life.advance(Phase.READY));
        assertFalse(life.advance(Phase.LOADING));
        assertFalse(life.advance(Phase.READY));
        assertEquals(Phase.READY, life.phase());
    }

    @Test
    @Promise(5)
    void tellsWhyItIsNotReady() {
        NotReadyException early = life.notReady();
        life.advance(Phase.FAILED, new IllegalStateException("the queue is taken"));
        NotReadyException failed = life.notReady();

        assertEquals("the mirror is LATENT (expected: READY)", early.getMessage());
        assertEquals("the mirror is FAILED: the queue is taken (expected: READY)", failed.getMessage());
    }

    @Test
    void isOverOnceItHasFailedOrIsClosed() {
        life.advance(Phase.READY);
        assertFalse(life.isOver());

        life.advance(Phase.FAILED, new IllegalStateException("no"));

        assertTrue(life.isOver());
        assertFalse(life.isReady());
    }

    @Test
    void wakesThoseWhoWaitWheneverItGoesOn() {
        long seen = signal.count();
        life.advance(Phase.LOADING);
        life.advance(Phase.LATENT);

        assertEquals(seen + 1, signal.count());
    }
}
