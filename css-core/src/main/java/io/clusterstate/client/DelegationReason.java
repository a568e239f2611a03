package io.clusterstate.client;

/** The reason why a {@link ViewEcsClient} passed a request to ECS. */
public enum DelegationReason {
    /** The view was not ready. */
    NOT_READY,
    /** The view missed the client's read policy, or a service's counts disagreed with its tasks in the view. */
    STALE,
    /** The request has an {@code include}, such as {@code TAGS}. */
    INCLUDE,
    /** The request has a filter that the view cannot answer, such as one that a later SDK has added. */
    FILTER,
    /**
     * The view does not hold a cluster or an entity that the request names, which may be newer than the view, or holds
     * only what events have reported of it.
     */
    UNKNOWN,
    /** A write through this client is not in the view yet. */
    OWN_WRITE,
    /** ECS would refuse the request, in its own words. */
    REQUEST,
    /** The request continues a list that ECS began. */
    TOKEN,
    /** The request has {@link ViewEcsClient#bypass()}. */
    BYPASS,
    /** The view cannot answer this operation. */
    OPERATION
}
