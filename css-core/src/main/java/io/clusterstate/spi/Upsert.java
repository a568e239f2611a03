package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import java.time.Instant;

/**
 * An entity is like this.
 *
 * @param told the entity and how it came to be known; its revision is not looked at
 * @param <T> the AWS SDK's type of the entity
 */
public record Upsert<T>(Observed<T> told) implements Change<T> {

    /**
     * An entity as it was just told.
     *
     * @param kind the kind of entity
     * @param clusterArn the ARN of its cluster; for a cluster, its own
     * @param value the entity, in the API's shape
     * @param origin who told of it
     * @param observedAt when it was asked for (API) or received (event)
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> of(EntityKind<T> kind, String clusterArn, T value, Origin origin, Instant observedAt) {
        return new Upsert<>(Observed.of(kind, clusterArn, value, origin, observedAt));
    }

    @Override
    public EntityKind<T> kind() {
        return told.kind();
    }

    @Override
    public String arn() {
        return told.arn();
    }
}
