package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import java.time.Instant;

/**
 * A change that states the value of an entity.
 *
 * @param observed the entity with its source and times; its revision is ignored
 * @param <T> the AWS SDK's type of the entity
 */
public record Upsert<T>(Observed<T> observed) implements Change<T> {

    /**
     * A change with a newly observed value.
     *
     * @param kind the kind of entity
     * @param clusterArn the ARN of its cluster; for a cluster, its own; {@link Observed#NO_CLUSTER} for a task
     *     definition
     * @param value the entity, in the shape of an ECS API answer
     * @param origin the source of the value
     * @param observedAt the time of the request (API) or of receipt (event)
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> of(EntityKind<T> kind, String clusterArn, T value, Origin origin, Instant observedAt) {
        return new Upsert<>(Observed.of(kind, clusterArn, value, origin, observedAt));
    }

    @Override
    public EntityKind<T> kind() {
        return observed.kind();
    }

    @Override
    public String arn() {
        return observed.arn();
    }
}
