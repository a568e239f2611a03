/**
 * Immutable tables with indexes: what snapshots are made of. Not API.
 *
 * <p>In the room: a persistent map, the indexes over it, and the queries. It touches the read side's interfaces; no
 * I/O, no clock and no thread. Through it walks every read.
 */
@NullMarked
package io.clusterstate.internal.index;

import org.jspecify.annotations.NullMarked;
