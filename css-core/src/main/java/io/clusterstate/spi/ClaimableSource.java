package io.clusterstate.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * An event source of which every event goes to just one of those who poll. Two mirrors with stores of their own on one
 * such source would each see a share of the events; so a mirror claims it first.
 */
public interface ClaimableSource extends EventSource {

    /** How long a claim holds that is not renewed. */
    Duration CLAIM_VALIDITY = Duration.ofMinutes(3);

    /**
     * Claims the source, or renews the claim. Two owners that claim in the same moment may both succeed at first; the
     * next renewal tells one of them.
     *
     * @param owner who claims; unique to the mirror
     * @param now the time by the owner's clock; owners' clocks have to agree to within a minute
     * @return true if the claim holds; false if the source does not permit claims, so that nothing can be said
     * @throws SourceClaimedException if another owner's claim holds
     */
    boolean claim(String owner, Instant now);

    /**
     * Gives the claim up, if it is this owner's.
     *
     * @param owner who claimed
     */
    void release(String owner);
}
