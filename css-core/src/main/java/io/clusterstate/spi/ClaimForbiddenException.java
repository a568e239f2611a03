package io.clusterstate.spi;

/** The event source does not permit claims, so that nobody can know whether another mirror polls it. */
public class ClaimForbiddenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * An exception that names the source.
     *
     * @param message the source, and the rights that are missing
     * @param cause the source's own answer
     */
    public ClaimForbiddenException(String message, Throwable cause) {
        super(message, cause);
    }
}
