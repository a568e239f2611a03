package io.clusterstate.spi;

import io.clusterstate.EntityKind;

/**
 * A request to a store: an entity has this value, or is gone. The {@link VersionRule} decides whether it has an effect.
 *
 * <p>Thread: immutable.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public sealed interface Change<T> permits Upsert, Removal {

    /**
     * The kind of the entity.
     *
     * @return the kind
     */
    EntityKind<T> kind();

    /**
     * The entity's ARN, which is its key in a store.
     *
     * @return the ARN
     */
    String arn();
}
