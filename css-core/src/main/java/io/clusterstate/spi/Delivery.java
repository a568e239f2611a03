package io.clusterstate.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * One receipt of one message from an event source. The same message may be delivered twice, late, and out of order.
 *
 * @param id the message's id, for logs
 * @param body the message's text
 * @param receipt by which the source knows this delivery when it is settled
 * @param receivedAt when it was received, by the clock of this process
 * @param sentAt when the message was put into the queue, by the queue's clock; empty if the source does not tell
 * @param receiveCount how often the message has been delivered, this time included
 */
public record Delivery(
        String id, String body, String receipt, Instant receivedAt, Optional<Instant> sentAt, int receiveCount) {

    /**
     * The same without the message's text, for as long as only the receipt is needed.
     *
     * @return a copy with an empty body
     */
    public Delivery withoutBody() {
        return new Delivery(id, "", receipt, receivedAt, sentAt, receiveCount);
    }
}
