/**
 * The contracts for implementations of a {@link io.clusterstate.spi.StateStore store} or an
 * {@link io.clusterstate.spi.EventSource event source}.
 *
 * <p>The room holds the duties of each, the changes that travel between them, and the rule that decides about versions.
 * It uses the read side and {@code internal.index}. Every change passes through it, and every snapshot that results.
 */
@NullMarked
package io.clusterstate.spi;

import org.jspecify.annotations.NullMarked;
