package io.clusterstate.spi;

import io.clusterstate.Observed;
import org.jspecify.annotations.Nullable;

/**
 * A change after a store applied it.
 *
 * @param change the requested change
 * @param outcome the effect of the change
 * @param before the entity before the change; null if it was absent
 * @param after the entity after the change, with its revision; null if it is absent
 * @param revision the store's counter at this change; for a change without effect, the counter at the change before
 */
public record Applied(
        Change<?> change, Outcome outcome, @Nullable Observed<?> before, @Nullable Observed<?> after, long revision) {}
