package io.clusterstate.spi;

/** The event source does not permit claims, so that no mirror can find out whether another mirror polls it. */
public class ClaimForbiddenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message the source, and the missing rights
     * @param cause the source's answer
     */
    public ClaimForbiddenException(String message, Throwable cause) {
        super(message, cause);
    }
}
