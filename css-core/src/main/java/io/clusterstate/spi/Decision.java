package io.clusterstate.spi;

import io.clusterstate.Observed;
import org.jspecify.annotations.Nullable;

/**
 * The state that a store keeps for an ARN after a change: the entity or its tombstone, never both.
 *
 * @param outcome the effect of the change
 * @param present the entity to keep, without a new revision yet if it is a new value; null if the entity is gone
 * @param tombstone the removal to remember; null if the entity is present
 * @param <T> the AWS SDK's type of the entity
 */
public record Decision<T>(Outcome outcome, @Nullable Observed<T> present, @Nullable Removal<T> tombstone) {}
