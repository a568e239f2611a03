package io.clusterstate.etcd;

/** What etcd tells does not go on where it was. */
final class LostTrackException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean isForGood;

    /**
     * Tells how.
     *
     * @param isForGood whether etcd's state is not the one that was followed any more, so that loading it would make
     *     the view go back or empty
     */
    LostTrackException(String message, boolean isForGood) {
        super(message);
        this.isForGood = isForGood;
    }

    /** That etcd is behind where it was. */
    static LostTrackException wentBack(long now, long before) {
        return new LostTrackException(
                "at revision " + now + ", and was at " + before
                        + " before: it was restored from a backup, or is another",
                true);
    }

    boolean isForGood() {
        return isForGood;
    }
}
