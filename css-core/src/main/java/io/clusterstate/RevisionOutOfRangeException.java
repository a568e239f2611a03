package io.clusterstate;

/**
 * What followed a revision cannot be told: it is too long ago, or the revision is not one of this store. Subscribe
 * without a revision instead, and take the initial batch for the truth.
 */
public final class RevisionOutOfRangeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long oldest;

    /**
     * A refusal.
     *
     * @param revision the revision that was asked for
     * @param oldest the oldest after which all is kept
     * @param newest the last one
     */
    public RevisionOutOfRangeException(long revision, long oldest, long newest) {
        super("revision: " + revision + " (expected: from " + oldest + " to " + newest + ")");
        this.oldest = oldest;
    }

    /**
     * The oldest revision after which all is kept.
     *
     * @return the revision
     */
    public long oldest() {
        return oldest;
    }
}
