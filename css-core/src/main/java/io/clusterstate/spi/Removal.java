package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.time.Instant;

/**
 * The removal of an entity. As a change it states that every version up to {@code version} is gone. A store then keeps
 * it as a tombstone, so that a late event cannot revive the entity (promise 3).
 *
 * @param kind the kind of the entity
 * @param arn the entity's ARN
 * @param clusterArn the ARN of its cluster, as in {@link Observed#clusterArn()}
 * @param version the highest version that is known to be gone; 0 for kinds without versions
 * @param at the time of the request that proved it; for RETENTION, the time at which the end was observed
 * @param reason the reason
 * @param <T> the AWS SDK's type of the entity
 */
public record Removal<T>(EntityKind<T> kind, String arn, String clusterArn, long version, Instant at, Reason reason)
        implements Change<T> {

    /** The reason of a removal. */
    public enum Reason {
        /** ECS answered that the entity does not exist (promise 8). */
        MISSING,
        /** The entity had ended, or nothing referred to the task definition any more, and the retention has passed. */
        RETENTION
    }

    /**
     * The removal of an entity in its present version.
     *
     * @param known the entity as the store has it
     * @param at the time of the request that proved it; for RETENTION, the time at which the end was observed
     * @param reason the reason
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Removal<T> of(Observed<T> known, Instant at, Reason reason) {
        return new Removal<>(known.kind(), known.arn(), known.clusterArn(), known.version(), at, reason);
    }
}
