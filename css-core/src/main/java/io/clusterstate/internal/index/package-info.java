/**
 * Immutable tables with indexes, which make up the snapshots. Not API.
 *
 * <p>The room holds a persistent map, the indexes over it, and the queries. It uses the read side's interfaces, but no
 * I/O, no clock and no thread. Every read passes through it.
 */
@NullMarked
package io.clusterstate.internal.index;

import org.jspecify.annotations.NullMarked;
