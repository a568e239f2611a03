package io.clusterstate;

import org.jspecify.annotations.Nullable;

/**
 * The view cannot answer: its first complete load is not in yet, or its mirror has failed or was closed (promise 5: not
 * ready is never answered as empty). Wait with {@link ClusterStateView#awaitReady}, or look at {@code status()} of the
 * mirror for the reason.
 */
public class NotReadyException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * A refusal, for those who keep a view.
     *
     * @param message why, and what was expected
     * @param cause what made it so; null if nothing did
     */
    public NotReadyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
