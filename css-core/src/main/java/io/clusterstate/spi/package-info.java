/**
 * For those who write a {@link io.clusterstate.spi.StateStore store} or an {@link io.clusterstate.spi.EventSource event
 * source}: the duties of each, the changes that travel between them, and the one rule that decides about versions.
 */
@NullMarked
package io.clusterstate.spi;

import org.jspecify.annotations.NullMarked;
