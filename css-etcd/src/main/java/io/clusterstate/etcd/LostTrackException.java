package io.clusterstate.etcd;

/** The watch does not continue the state that the replica holds. */
final class LostTrackException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean isPermanent;

    /**
     * A loss of track.
     *
     * @param isPermanent whether etcd holds another state than the one that was followed, so that loading it would make
     *     the view go back or empty
     */
    LostTrackException(String message, boolean isPermanent) {
        super(message);
        this.isPermanent = isPermanent;
    }

    /** The loss of track after etcd went back to an earlier revision. */
    static LostTrackException wentBack(long now, long before) {
        return new LostTrackException(
                "at revision " + now + ", and was at " + before
                        + " before: it was restored from a backup, or is another",
                true);
    }

    boolean isPermanent() {
        return isPermanent;
    }
}
