/** The store for one process: Caffeine holds what is known, snapshots answer. */
@NullMarked
package io.clusterstate.memory;

import org.jspecify.annotations.NullMarked;
