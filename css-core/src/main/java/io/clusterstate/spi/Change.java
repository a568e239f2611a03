package io.clusterstate.spi;

import io.clusterstate.EntityKind;

/**
 * What a source of knowledge asks a store to take in: that an entity is like this, or that it is gone. Whether it has
 * any effect is for the {@link VersionRule} to say.
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
     * The entity's ARN, by which stores keep it.
     *
     * @return the ARN
     */
    String arn();
}
