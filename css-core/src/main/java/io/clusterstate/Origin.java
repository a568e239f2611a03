package io.clusterstate;

/** The source of a value. */
public enum Origin {
    /** A state-change event. */
    EVENT,
    /** The first complete listing through the ECS API. */
    LOAD,
    /** A later listing through the ECS API, to find and repair drift. */
    RECONCILE,
    /** A describe call to the ECS API for this entity alone. */
    DESCRIBE;

    /**
     * Whether the ECS API reported the value. Only the API reports tags, health and a few other fields.
     *
     * @return true for all but {@link #EVENT}
     */
    public boolean isApi() {
        return this != EVENT;
    }
}
