package io.clusterstate;

/** What is to be done when a {@link ChangeListener} has failed. */
public enum ErrorAction {
    /** Go on with the next change. */
    SKIP,
    /** Tell the same change again, after a pause that grows with the attempts up to half a minute. */
    RETRY,
    /** Tell no more; the {@link Subscription} ends with this failure. */
    CANCEL
}
