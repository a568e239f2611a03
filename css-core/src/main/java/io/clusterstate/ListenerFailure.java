package io.clusterstate;

import java.util.Optional;

/**
 * A failure of a {@link ChangeListener}: it threw.
 *
 * @param error the thrown error
 * @param attempt the number of this attempt at the same batch or change, from 1
 * @param change the change that the listener was told; empty if it was a whole batch
 */
public record ListenerFailure(Throwable error, int attempt, Optional<EntityChange<?>> change) {}
