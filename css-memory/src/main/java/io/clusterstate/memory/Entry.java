package io.clusterstate.memory;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import org.jspecify.annotations.Nullable;

/**
 * The state of one ARN: an entity, or its tombstone.
 *
 * @param present the entity; null if it is gone
 * @param tombstone the removal of the entity; null if the entity is present
 */
record Entry(@Nullable Observed<?> present, @Nullable Removal<?> tombstone) {}
