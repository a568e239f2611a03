package io.clusterstate.mirror;

import org.jspecify.annotations.Nullable;

/**
 * For how long the note of another has been seen to be the same, look by look. After a time without any look it begins
 * anew, so that an outage in which nobody could renew takes the source from nobody.
 *
 * <p>Thread: one.
 */
final class ClaimWatch {

    private static final long LONGEST_GAP = SourceClaim.RENEWAL.toNanos();

    private @Nullable String note;
    private long seenFrom;
    private long lookedAt;

    /**
     * Notes a look.
     *
     * @param seen what stands there
     * @param askedAt when the look was asked for
     * @param answeredAt when it was answered
     * @return for how many nanoseconds it has been the same at least
     */
    long unchanged(String seen, long askedAt, long answeredAt) {
        if (!seen.equals(note) || askedAt - lookedAt > LONGEST_GAP) {
            note = seen;
            seenFrom = answeredAt;
        }
        lookedAt = askedAt;
        return askedAt - seenFrom;
    }
}
