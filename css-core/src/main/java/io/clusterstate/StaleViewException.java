package io.clusterstate;

/**
 * The view does not meet a {@link ReadPolicy}. Wait, at most for the next reconcile, or read with a weaker policy or a
 * {@link ReadPolicy#servingMarked() marking} one.
 */
public final class StaleViewException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleViewException(String message) {
        super(message);
    }
}
