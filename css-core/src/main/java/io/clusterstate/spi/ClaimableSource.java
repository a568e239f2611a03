package io.clusterstate.spi;

import java.util.Optional;

/**
 * An event source that delivers each event to only one of those who poll it. Two mirrors with stores of their own on
 * one such source would each receive a share of the events. So a mirror claims the source with a note, and polls while
 * the note is its own.
 *
 * <p>Duties of an implementation: it keeps one note, and neither judges nor expires it. A read that begins after a
 * write has returned yields that note or a later one. The notes are up to 200 letters, digits, spaces and {@code :.-}.
 */
public interface ClaimableSource extends EventSource {

    /**
     * Reads the note.
     *
     * <p>Blocks: for one call, of at most 10 seconds.
     *
     * @return the note that was written last; empty if there is none
     * @throws ClaimForbiddenException if the rights for it are missing
     */
    Optional<String> readClaim();

    /**
     * Replaces the note, whoever wrote the one before.
     *
     * <p>Blocks: for one call, of at most 10 seconds. After a failure the note may be written, or be written later.
     *
     * @param note what {@link #readClaim} is to yield from now on
     * @throws ClaimForbiddenException if the rights for it are missing
     */
    void writeClaim(String note);

    /**
     * Removes the note, if there is one.
     *
     * <p>Blocks: for one call, of at most 10 seconds.
     *
     * @throws ClaimForbiddenException if the rights for it are missing
     */
    void removeClaim();
}
