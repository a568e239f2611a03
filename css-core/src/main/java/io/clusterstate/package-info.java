/**
 * The read side: the {@link io.clusterstate.ClusterStateView view}, its {@link io.clusterstate.Snapshot snapshots},
 * their queries, and the subscriptions to changes.
 *
 * <p>Every type that a reading application uses is here. The engine of the subscriptions is here as well,
 * package-private. The room uses {@code spi}, {@code ecs} and the internal mechanisms, and names no type of the write
 * side.
 */
@NullMarked
package io.clusterstate;

import org.jspecify.annotations.NullMarked;
