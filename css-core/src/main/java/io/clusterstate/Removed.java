package io.clusterstate;

import io.clusterstate.spi.Removal;
import java.time.Instant;

/**
 * An entity that a view has shown and no longer shows; see {@link Snapshot#removed}.
 *
 * <p>Thread: immutable.
 *
 * @param last the last value that the view showed
 * @param cause {@link ChangeCause#MISSING} if ECS answered that the entity does not exist,
 *     {@link ChangeCause#RETENTION} if it had ended and its retention passed
 * @param at the time of the request that proved the absence; for a retention, the time at which the end was observed
 * @param <T> the AWS SDK's type of the entity
 */
public record Removed<T>(Observed<T> last, ChangeCause cause, Instant at) {

    /**
     * The removal of a value that a snapshot has shown, for {@link io.clusterstate.spi.SnapshotEditor}.
     *
     * @param last the last value
     * @param removal the removal
     * @param <T> the AWS SDK's type of the entity
     * @return the removed entity
     */
    public static <T> Removed<T> of(Observed<T> last, Removal<?> removal) {
        return new Removed<>(last, ChangeCause.of(removal), removal.at());
    }

    /**
     * The entity's ARN.
     *
     * @return the ARN
     */
    public String arn() {
        return last.arn();
    }

    @Override
    public String toString() {
        return last.arn() + " removed (" + cause + " at " + at + "), last seen at version " + last.version();
    }
}
