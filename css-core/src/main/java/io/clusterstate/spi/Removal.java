package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.time.Instant;

/**
 * An entity is gone. As a change, it says: what was known up to {@code version} has ceased to be; a store then keeps it
 * as the tombstone that stops late events from reviving the entity (promise 3).
 *
 * @param kind the kind of the entity
 * @param arn the entity's ARN
 * @param clusterArn the ARN of its cluster
 * @param version the highest version that is known to be gone; 0 for kinds without versions
 * @param at when the proof was asked for; for RETENTION, when the end was observed
 * @param reason why it is gone
 * @param <T> the AWS SDK's type of the entity
 */
public record Removal<T>(EntityKind<T> kind, String arn, String clusterArn, long version, Instant at, Reason reason)
        implements Change<T> {

    /** Why an entity is gone. */
    public enum Reason {
        /** ECS answered that there is no such entity (promise 8). */
        MISSING,
        /** It had ended, and was kept for as long as was set. */
        RETENTION
    }

    /**
     * The removal of what is known now.
     *
     * @param known the entity as it is known
     * @param at when the proof was asked for; for RETENTION, when the end was observed
     * @param reason why it is gone
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Removal<T> of(Observed<T> known, Instant at, Reason reason) {
        return new Removal<>(known.kind(), known.arn(), known.clusterArn(), known.version(), at, reason);
    }
}
