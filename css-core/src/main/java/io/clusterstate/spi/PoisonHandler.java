package io.clusterstate.spi;

/**
 * A handler of unreadable messages, called before they are deleted from a source without a dead-letter queue
 * ({@link EventSource#keepsDeadLetters()}). It is the last chance to keep them; they never keep other messages from
 * being read.
 *
 * <p>Thread: called on the mirror's polling threads, several at once. Must be quick. If it throws, the mirror logs the
 * failure, and the message stays in the queue and comes again.
 */
@FunctionalInterface
public interface PoisonHandler {

    /** A handler that does nothing; the mirror writes a log line in any case. */
    PoisonHandler NO_OP = (delivery, reason) -> {};

    /**
     * Handles an unreadable message, which will be deleted.
     *
     * @param delivery the message
     * @param reason the fault, and the expected content
     */
    void unreadable(Delivery delivery, String reason);
}
