package io.clusterstate.mirror;

import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.PoisonHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about messages that cannot be understood. Where the source has a place for them, a dead-letter queue, they
 * are left to it. Where it has none they would come again for days: after some receipts they are handed over and
 * deleted.
 */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final EventSource source;
    private final PoisonHandler handler;
    private final int mostReceipts;
    private final EventCounters counters;

    Quarantine(EventSource source, PoisonHandler handler, int mostReceipts, EventCounters counters) {
        this.source = source;
        this.handler = handler;
        this.mostReceipts = mostReceipts;
        this.counters = counters;
    }

    /** Whether the message is to be settled: it was handed over. If not, it is left in the queue. */
    boolean takes(Delivery delivery, String reason) {
        if (delivery.receiveCount() >= mostReceipts && !source.keepsDeadLetters() && handOver(delivery, reason)) {
            LOG.warn(
                    "message {}: cannot be read, handed over and deleted after {} receipts: {}",
                    delivery.id(),
                    delivery.receiveCount(),
                    reason);
            counters.count(DeliveryOutcome.DISCARDED, 1);
            return true;
        }
        if (delivery.receiveCount() == 1) {
            LOG.warn("message {}: cannot be read, left in the queue: {}", delivery.id(), reason);
        }
        counters.count(DeliveryOutcome.UNREADABLE, 1);
        return false;
    }

    /** Hands a message over; if that fails, it is not deleted. */
    private boolean handOver(Delivery delivery, String reason) {
        try {
            handler.unreadable(delivery, reason);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("message {}: the poison handler failed, so that it stays in the queue", delivery.id(), e);
            return false;
        }
    }
}
