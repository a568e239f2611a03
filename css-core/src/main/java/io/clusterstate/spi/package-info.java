/**
 * For those who write a {@link io.clusterstate.spi.StateStore store} or an {@link io.clusterstate.spi.EventSource event
 * source}.
 *
 * <p>In the room: the duties of each, the changes that travel between them, and the one rule that decides about
 * versions. It touches the read side and {@code internal.index}. Through it walks every change, and every snapshot it
 * results in.
 */
@NullMarked
package io.clusterstate.spi;

import org.jspecify.annotations.NullMarked;
