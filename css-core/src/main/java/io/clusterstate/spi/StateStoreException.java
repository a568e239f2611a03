package io.clusterstate.spi;

/**
 * A store could not take changes in, or cannot say whether it did. The same changes can be applied again without harm;
 * the mirror does so.
 */
public class StateStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Tells what failed.
     *
     * @param message what was tried, and on what
     * @param cause the failure below
     */
    public StateStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
