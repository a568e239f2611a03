package io.clusterstate.mirror;

/** What became of a delivery, by which {@link MirrorStatus} counts. */
public enum DeliveryOutcome {
    /** It told of a change, and the view changed. */
    APPLIED,
    /** It told of a change that was known already, or of something older than what was known. */
    KNOWN,
    /** It told that something happened without saying how it is now; ECS was asked. */
    DESCRIBED,
    /** It said nothing about the selected clusters. */
    IRRELEVANT,
    /** It was about another account, Region or partition than the ECS client's. */
    FOREIGN,
    /** It could not be worked on yet, and comes again by itself: ECS did not answer, or too many wait for it to. */
    DEFERRED,
    /** It could not be understood, or is for people (SNS asks for a confirmation), and was left in the queue. */
    UNREADABLE,
    /** It could not be understood, came too often, was handed to the {@code PoisonHandler}, and was deleted. */
    DISCARDED,
    /** It was not worked on, since the mirror closes, and was handed back. */
    HANDED_BACK
}
