package io.clusterstate;

/**
 * The journal cannot supply the changes after a revision: they are too long ago, or the revision belongs to another
 * store. Subscribe without a revision instead, and replace your state by the initial batch.
 */
public final class RevisionOutOfRangeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long oldest;

    /**
     * Creates the exception.
     *
     * @param revision the requested revision
     * @param oldest the oldest revision after which the journal holds every change
     * @param newest the last revision
     */
    public RevisionOutOfRangeException(long revision, long oldest, long newest) {
        super("revision: " + revision + " (expected: from " + oldest + " to " + newest + ")");
        this.oldest = oldest;
    }

    /** The exception of a member of a composite view. */
    RevisionOutOfRangeException(String member, RevisionOutOfRangeException cause) {
        super("member " + member + ": " + cause.getMessage(), cause);
        this.oldest = cause.oldest;
    }

    /**
     * The oldest revision after which the journal holds every change.
     *
     * @return the revision
     */
    public long oldest() {
        return oldest;
    }
}
