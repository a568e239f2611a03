package io.clusterstate.spi;

import java.time.Instant;

/**
 * Another mirror has this event source to itself. Use a queue for each mirror, or a store that they share.
 */
public class SourceClaimedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Instant renewedAt;

    /**
     * Tells who has it.
     *
     * @param message the source, its owner, and when the claim was renewed
     * @param renewedAt when the owner last renewed the claim
     */
    public SourceClaimedException(String message, Instant renewedAt) {
        super(message);
        this.renewedAt = renewedAt;
    }

    /**
     * When the owner last renewed the claim. If it moves, the owner lives; if it does not, the claim is what a process
     * that ended unasked has left, and ends by itself.
     *
     * @return the moment, by the owner's clock
     */
    public Instant renewedAt() {
        return renewedAt;
    }
}
