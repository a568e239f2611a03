package io.clusterstate.mirror;

import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.PoisonHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about unreadable messages. If the source has a dead-letter queue, they stay for it. If it has none they would
 * come again for days, so after some receipts the poison handler takes them and they are deleted.
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

    /** Whether the consumer settles the message, since the handler took it. If not, the message stays in the queue. */
    boolean takes(Delivery delivery, String reason) {
        if (delivery.receiveCount() >= mostReceipts && !source.keepsDeadLetters() && handOver(delivery, reason)) {
            LOG.warn(
                    "message {}: unreadable, given to the poison handler and deleted after {} receipts: {}",
                    delivery.id(),
                    delivery.receiveCount(),
                    reason);
            counters.count(DeliveryOutcome.DISCARDED, 1);
            return true;
        }
        if (delivery.receiveCount() == 1) {
            LOG.warn("message {}: unreadable, left in the queue: {}", delivery.id(), reason);
        }
        counters.count(DeliveryOutcome.UNREADABLE, 1);
        return false;
    }

    /** Gives a message to the handler; returns whether the handler returned. */
    @SuppressWarnings("IllegalCatch") // the host's handler may throw anything
    private boolean handOver(Delivery delivery, String reason) {
        try {
            handler.unreadable(delivery, reason);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.warn("message {}: the poison handler failed, so the message stays in the queue", delivery.id(), e);
            return false;
        }
    }
}
