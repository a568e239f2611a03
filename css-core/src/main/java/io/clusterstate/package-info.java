/**
 * The read side: the {@link io.clusterstate.ClusterStateView view}, its {@link io.clusterstate.Snapshot snapshots},
 * their queries, and the listeners that are told of changes.
 *
 * <p>In the room: what a reader types, and, package-private, the engine of subscriptions. It touches {@code spi},
 * {@code ecs} and the internal mechanisms, and names no type of the write side. Through it walks every reader.
 */
@NullMarked
package io.clusterstate;

import org.jspecify.annotations.NullMarked;
