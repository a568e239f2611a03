package io.clusterstate.mirror;

import org.jspecify.annotations.Nullable;

/**
 * Measures for how long another mirror's note has not changed. After a gap without looks it starts anew, so that an
 * outage in which nobody could renew takes the source from nobody.
 *
 * <p>Thread: one.
 */
final class ClaimWatch {

    private static final long LONGEST_GAP = SourceClaim.RENEWAL.toNanos();

    private @Nullable String note;
    private long seenFrom;
    private long lookedAt;

    /**
     * Notes a look at the source.
     *
     * @param seen the note that the look found
     * @param askedAt the time of the request
     * @param answeredAt the time of the answer
     * @return the nanoseconds for which the note has certainly not changed
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
