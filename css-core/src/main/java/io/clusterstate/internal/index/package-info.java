/** Immutable tables with indexes, the material of snapshots. Touches no I/O, no clock and no thread. Not API. */
@NullMarked
package io.clusterstate.internal.index;

import org.jspecify.annotations.NullMarked;
