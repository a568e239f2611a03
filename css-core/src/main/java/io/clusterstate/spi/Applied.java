package io.clusterstate.spi;

import io.clusterstate.Observed;
import org.jspecify.annotations.Nullable;

/**
 * One change after a store took it in.
 *
 * @param change what was asked
 * @param outcome what it came to
 * @param before the entity before; null if it was not there
 * @param after the entity after, with its revision; null if it is not there
 */
public record Applied(Change<?> change, Outcome outcome, @Nullable Observed<?> before, @Nullable Observed<?> after) {}
