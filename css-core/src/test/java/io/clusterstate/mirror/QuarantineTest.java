package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.testing.TestTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuarantineTest {

    private static final int MOST_RECEIPTS = 3;

    private final EventSource source = mock();
    private final EventCounters counters = new EventCounters(new TestTime());
    private final List<String> handed = new ArrayList<>();

    @Test
    void isHandedOverAtTheLastReceiptAndNotBefore() {
        Quarantine quarantine = quarantine((delivery, reason) -> handed.add(delivery.id() + ": " + reason));

        assertFalse(quarantine.takes(delivery(1), "no JSON"));
        assertFalse(quarantine.takes(delivery(MOST_RECEIPTS - 1), "no JSON"));
        assertEquals(List.of(), handed);
        assertTrue(quarantine.takes(delivery(MOST_RECEIPTS), "no JSON"));

        assertEquals(List.of("m: no JSON"), handed);
        assertCounts(2, 1);
    }

    @Test
    void isHandedOverAlsoWhenTheLastReceiptWasMissed() {
        assertTrue(quarantine((delivery, reason) -> handed.add(reason)).takes(delivery(MOST_RECEIPTS + 9), "no JSON"));
        assertEquals(List.of("no JSON"), handed);
    }

    @Test
    void isLeftToASourceThatKeepsDeadLetters() {
        when(source.keepsDeadLetters()).thenReturn(true);

        assertFalse(quarantine((delivery, reason) -> handed.add(reason)).takes(delivery(MOST_RECEIPTS), "no JSON"));

        assertEquals(List.of(), handed);
        assertCounts(1, 0);
    }

    @Test
    void isLeftInTheQueueWhenTheHandlerFails() {
        Quarantine quarantine = quarantine((delivery, reason) -> {
            throw new IllegalStateException("handler");
        });

        assertFalse(quarantine.takes(delivery(MOST_RECEIPTS), "no JSON"));

        assertCounts(1, 0);
    }

    @Test
    void isLeftInTheQueueWhenTheHandlerFailsWithAnError() {
        Quarantine quarantine = quarantine((delivery, reason) -> {
            throw new AssertionError("handler");
        });

        assertFalse(quarantine.takes(delivery(MOST_RECEIPTS), "no JSON"));

        assertCounts(1, 0);
    }

    private Quarantine quarantine(PoisonHandler handler) {
        return new Quarantine(source, handler, MOST_RECEIPTS, counters);
    }

    private void assertCounts(long unreadable, long discarded) {
        assertEquals(unreadable, counters.counts().get(DeliveryOutcome.UNREADABLE));
        assertEquals(discarded, counters.counts().get(DeliveryOutcome.DISCARDED));
    }

    private static Delivery delivery(int receipts) {
        return new Delivery("m", "?", "r" + receipts, TestTime.START, Optional.empty(), receipts);
    }
}
