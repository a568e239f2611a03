package io.clusterstate;

/** How a value came to be known. */
public enum Origin {
    /** A state-change event. */
    EVENT,
    /** The first complete listing through the ECS API. */
    LOAD,
    /** A later listing through the ECS API, to find and repair drift. */
    RECONCILE,
    /** A question to the ECS API about just this entity. */
    DESCRIBE;

    /**
     * Whether the ECS API said so. Only the API tells tags, health and a few fields more.
     *
     * @return true for all but {@link #EVENT}
     */
    public boolean isApi() {
        return this != EVENT;
    }
}
