package io.clusterstate.etcd;

/** The watch does not continue the state that the replica holds. */
final class LostTrackException extends Exception {

    private static final long serialVersionUID = 1;

    /** The relation of the state in etcd to the one that the replica holds. */
    enum Kind {
        /** The same state, of which the watch has left out a write; what is missing can be loaded. */
        SKIPPED,
        /** Another past, as after a restore from a backup; the whole state has to be loaded. */
        REPLACED,
        /** Nothing, or an earlier revision; to load it would make the view go back or empty. */
        UNUSABLE
    }

    private final Kind kind;

    LostTrackException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The loss of track after etcd went back to an earlier revision. */
    static LostTrackException wentBack(long now, long before) {
        return wentBack("at revision " + now, before);
    }

    /** The loss of track after etcd went back to an unknown earlier revision. */
    static LostTrackException wentBack(long before) {
        return wentBack("at an earlier revision", before);
    }

    private static LostTrackException wentBack(String now, long before) {
        return new LostTrackException(
                Kind.UNUSABLE,
                now + ", and was at " + before + " before: it was restored from a backup, or is another");
    }

    /** The loss of track after etcd was found to lack the last write that the replica shows. */
    static LostTrackException replaced(Head shown) {
        return new LostTrackException(
                Kind.REPLACED, "etcd lacks write " + shown.writes() + ", which it had at revision " + shown.revision());
    }

    Kind kind() {
        return kind;
    }
}
