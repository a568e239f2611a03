package io.clusterstate.memory;

import io.clusterstate.EntityKind;

/**
 * An event that {@link FakeEcs} has sent about a change of an entity. A test can deliver it late, twice or out of
 * order.
 *
 * <p>Thread: immutable.
 *
 * @param kind the kind of entity
 * @param clusterArn the ARN of the entity's cluster
 * @param value the entity as ECS had it at that change
 * @param <T> the AWS SDK's type of the entity
 */
public record FakeEvent<T>(EntityKind<T> kind, String clusterArn, T value) {

    /**
     * The ARN of the entity.
     *
     * @return the ARN
     */
    public String arn() {
        return kind.arnOf(value);
    }

    /**
     * The version of the entity at that change.
     *
     * @return the version; 0 for services, which have none
     */
    public long version() {
        return kind.versionOf(value);
    }

    @Override
    public String toString() {
        return "event: " + kind + " " + arn() + ", version " + version();
    }
}
