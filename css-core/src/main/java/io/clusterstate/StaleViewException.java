package io.clusterstate;

/**
 * The view does not meet a {@link ReadPolicy}. What to do: wait, for the next reconcile at the most; or read with a
 * policy that demands less, or that is {@link ReadPolicy#servingMarked()}.
 */
public final class StaleViewException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleViewException(String message) {
        super(message);
    }
}
