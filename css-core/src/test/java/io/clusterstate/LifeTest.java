package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.MirrorStatus.Phase;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LifeTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Life life = new Life();

    @Test
    void goesOnlyForward() {
        assertTrue(life.advance(Phase.READY));
        assertFalse(life.advance(Phase.LOADING));
        assertFalse(life.advance(Phase.READY));
        assertEquals(Phase.READY, life.phase());
    }

    @Test
    @Promise(5)
    void requireReadyTellsWhyNot() {
        NotReadyException early = assertThrows(NotReadyException.class, life::requireReady);
        life.advance(Phase.FAILED, new IllegalStateException("the queue is taken"));
        NotReadyException failed = assertThrows(NotReadyException.class, life::requireReady);

        assertEquals("the mirror is LATENT (expected: READY)", early.getMessage());
        assertEquals("the mirror is FAILED: the queue is taken (expected: READY)", failed.getMessage());
    }

    @Test
    void aWaiterGoesOnWhenReady() throws Exception {
        CompletableFuture<Void> waiter = waiter();
        life.advance(Phase.READY);
        waiter.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aWaiterIsToldOfAFailureAtOnce() {
        CompletableFuture<Void> waiter = waiter();
        life.advance(Phase.FAILED, new IllegalStateException("no"));

        ExecutionException told = assertThrows(ExecutionException.class, () -> waiter.get(30, TimeUnit.SECONDS));
        assertTrue(told.getCause() instanceof NotReadyException);
    }

    @Test
    void aWaiterThatGivesUpTellsWhatItWaitedFor() {
        TimeoutException late = assertThrows(
                TimeoutException.class, () -> life.awaitReady(Duration.ofMillis(1), () -> "the first load"));
        assertEquals("not ready after PT0.001S: LATENT, waiting for the first load", late.getMessage());
    }

    @Test
    void anInterruptedWaiterLeavesOthersUnharmed() throws Exception {
        CompletableFuture<Void> patient = waiter();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> life.awaitReady(LONG, () -> "nothing"));

        life.advance(Phase.READY);
        patient.get(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> waiter() {
        return CompletableFuture.runAsync(() -> {
            try {
                life.awaitReady(LONG, () -> "nothing");
            } catch (InterruptedException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
