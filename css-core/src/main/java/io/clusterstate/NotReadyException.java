package io.clusterstate;

import org.jspecify.annotations.Nullable;

/**
 * The view cannot answer: its first complete load has not ended, or its mirror was closed. An unready view never
 * answers as if it were empty (promise 5). Wait with {@link ClusterStateView#awaitReady}, or read {@code status()} of
 * the mirror for the reason.
 */
public class NotReadyException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception, for implementations of a view.
     *
     * @param message the reason, and the expected state
     * @param cause the failure behind it; null if there is none
     */
    public NotReadyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
