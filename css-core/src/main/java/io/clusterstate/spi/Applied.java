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
 * @param revision the store's counter at this change; if it had no effect, that of the last change before
 */
public record Applied(
        Change<?> change, Outcome outcome, @Nullable Observed<?> before, @Nullable Observed<?> after, long revision) {}
