package io.clusterstate.spi;

/**
 * Is handed messages that cannot be understood, before they are deleted from a source that has no dead-letter queue
 * ({@link EventSource#keepsDeadLetters()}): the last chance to keep them. They never keep others from being read.
 *
 * <p>Thread: called on the mirror's polling threads, several at once. Must be quick. If it throws, that is logged, and
 * the message stays in the queue and comes again.
 */
@FunctionalInterface
public interface PoisonHandler {

    /** Does nothing more than the log line that the mirror writes. */
    PoisonHandler NO_OP = (delivery, reason) -> {};

    /**
     * A message cannot be understood, and will be deleted.
     *
     * @param delivery the message
     * @param reason what was found, and what was expected
     */
    void unreadable(Delivery delivery, String reason);
}
