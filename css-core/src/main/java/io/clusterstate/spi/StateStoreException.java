package io.clusterstate.spi;

/**
 * A store could not apply changes, or cannot say whether it did. Applying the changes again is harmless; the mirror
 * does so.
 */
public class StateStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message the attempted operation and its subject
     * @param cause the failure behind it
     */
    public StateStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
