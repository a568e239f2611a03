package io.clusterstate.mirror;

/** The outcome of a delivery. {@link MirrorStatus#deliveries()} counts deliveries by it. */
public enum DeliveryOutcome {
    /** The event carried a change, and the view changed. */
    APPLIED,
    /** The event carried a change that the view already had, or a state older than the view's. */
    KNOWN,
    /** The event named an entity without its state; the mirror described the entity with the ECS API. */
    DESCRIBED,
    /** The message concerned none of the selected clusters and kinds. */
    IRRELEVANT,
    /** The event was of another account, Region or partition than the ECS client's. */
    FOREIGN,
    /**
     * The mirror could not process the delivery yet, since ECS did not answer or too many deliveries wait for it; the
     * source delivers it again.
     */
    DEFERRED,
    /**
     * The mirror could not read the message, or the message asks a person for an SNS confirmation; it stays in the
     * queue.
     */
    UNREADABLE,
    /**
     * The mirror could not read the message, received it too often, and deleted it after the {@code PoisonHandler} took
     * it.
     */
    DISCARDED,
    /** The mirror handed the delivery back unprocessed, since it closes or lost its claim on the queue. */
    HANDED_BACK
}
