package io.clusterstate.spi;

/** What a change came to when the {@link VersionRule} was asked. All outcomes are normal but {@link #REFUSED}. */
public enum Outcome {
    /** The entity was not there, and is now. */
    ADDED,
    /** A later version took the place of an earlier one. */
    UPDATED,
    /**
     * The version stayed; the API told more of it (tags, health, attachments), or answered for the first time since
     * events told of it ({@link io.clusterstate.Observed#describedAt}).
     */
    ENRICHED,
    /** The entity was there, and is gone. */
    REMOVED,
    /** Nothing new: this version, or this removal, was known (promise 2). */
    DUPLICATE,
    /** A later version, or the removal, was known already (promises 1 and 3). */
    OUTDATED,
    /** The entity ended so long ago that it is not kept any more. */
    EXPIRED,
    /**
     * The store cannot keep it: it is larger than the store's limit, or what it would replace was written by a later
     * version of this library. What was known stands; the store's log tells which entity and why.
     */
    REFUSED;

    /**
     * Whether readers can see a difference.
     *
     * @return true if the change made one
     */
    public boolean hasEffect() {
        return this == ADDED || this == UPDATED || this == ENRICHED || this == REMOVED;
    }
}
