package io.clusterstate.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * A receipt of a message from an event source. A message may be delivered twice, late, and out of order.
 *
 * @param id the message's id, for logs
 * @param body the message's text
 * @param receipt the handle by which the source settles this delivery
 * @param receivedAt the time of receipt, by the clock of this process
 * @param sentAt the time at which the message entered the queue, by the queue's clock; empty if the source has none
 * @param receiveCount the number of deliveries of this message so far, including this one
 */
public record Delivery(
        String id, String body, String receipt, Instant receivedAt, Optional<Instant> sentAt, int receiveCount) {

    /**
     * This delivery without the message's text, to save memory while only the receipt is needed.
     *
     * @return a copy with an empty body
     */
    public Delivery withoutBody() {
        return new Delivery(id, "", receipt, receivedAt, sentAt, receiveCount);
    }
}
