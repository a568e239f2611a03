package io.clusterstate.spi;

import io.clusterstate.Observed;
import org.jspecify.annotations.Nullable;

/**
 * What a store has to keep for an ARN after a change: the entity, or its tombstone, never both.
 *
 * @param outcome what the change came to
 * @param present the entity to keep, its revision not set yet unless it is the one that was kept before; null if gone
 * @param tombstone the removal to remember; null if the entity is present
 * @param <T> the AWS SDK's type of the entity
 */
public record Decision<T>(Outcome outcome, @Nullable Observed<T> present, @Nullable Removal<T> tombstone) {}
