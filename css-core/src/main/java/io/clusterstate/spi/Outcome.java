package io.clusterstate.spi;

/** The effect of a change, as the {@link VersionRule} decides. Every outcome but {@link #REFUSED} is normal. */
public enum Outcome {
    /** The entity was absent, and is now present. */
    ADDED,
    /** A later version replaced an earlier one. */
    UPDATED,
    /**
     * The version is unchanged. The API reported more of the entity (tags, health, attachments), or answered for the
     * first time since events reported it ({@link io.clusterstate.Observed#describedAt}).
     */
    ENRICHED,
    /** The entity was present, and is now gone. */
    REMOVED,
    /** The store had this version, or this removal, already (promise 2). */
    DUPLICATE,
    /** The store had a later version, or the removal (promises 1 and 3). */
    OUTDATED,
    /** The entity ended so long ago that its retention is over. */
    EXPIRED,
    /**
     * The store cannot keep the entity: it exceeds the store's limit, or a later version of this library wrote the
     * present value. The present value stays; the store's log names the entity and the reason.
     */
    REFUSED;

    /**
     * Whether the change made a difference that readers can see.
     *
     * @return whether it had an effect
     */
    public boolean hasEffect() {
        return this == ADDED || this == UPDATED || this == ENRICHED || this == REMOVED;
    }
}
