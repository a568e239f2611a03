package io.clusterstate.spi;

import java.util.Optional;

/**
 * An event source that delivers each event to only one of its pollers. Two mirrors with stores of their own on such a
 * source would each receive only a share of the events. A mirror therefore claims the source with a note, and polls
 * only while the note is its own.
 *
 * <p>Duties of an implementation: it keeps one note, and neither judges nor expires it. A read that begins after a
 * write has returned yields that note or a later one. Notes have up to 200 letters, digits, spaces and {@code :.-}.
 */
public interface ClaimableSource extends EventSource {

    /**
     * Reads the note.
     *
     * <p>Blocks: for one call, of at most 10 seconds.
     *
     * @return the note of the last write; empty if there is none
     * @throws ClaimForbiddenException if the rights for it are missing
     */
    Optional<String> readClaim();

    /**
     * Replaces the note, whoever wrote the previous one.
     *
     * <p>Blocks: for one call, of at most 10 seconds. After a failure the note may be written, or may still be written
     * later.
     *
     * @param note the note that {@link #readClaim} yields from now on
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
