package io.clusterstate;

import java.util.Optional;

/**
 * A {@link ChangeListener} threw.
 *
 * @param error what it threw
 * @param attempt how often this was told, this time included
 * @param change the change that it was told of; empty if it was a whole batch
 */
public record ListenerFailure(Throwable error, int attempt, Optional<EntityChange<?>> change) {}
