package io.clusterstate.memory;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for one ARN: the entity, or its tombstone.
 *
 * @param present the entity; null if it is gone
 * @param tombstone its removal; null if it is present
 */
record Entry(@Nullable Observed<?> present, @Nullable Removal<?> tombstone) {}
