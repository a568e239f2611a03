package io.clusterstate;

/** The reaction to a failure of a {@link ChangeListener}. */
public enum ErrorAction {
    /** Continue with the next change. */
    SKIP,
    /** Tell the listener the same change again, after a pause that grows with each attempt, up to half a minute. */
    RETRY,
    /** End the {@link Subscription} with this failure. */
    CANCEL
}
