/**
 * The write side: the {@link io.clusterstate.mirror.ClusterMirror mirror} that takes in events, reconciles with the ECS
 * API, and reports its status.
 *
 * <p>In the room: what an application types to run a mirror, and, package-private, its engine: consuming events,
 * reconciling clusters, describing entities, claiming a queue. It touches the read side, {@code spi} and the internal
 * mechanisms; ECS it reaches through {@code internal.ecs} alone. Through it walks every change on its way to a store.
 */
@NullMarked
package io.clusterstate.mirror;

import org.jspecify.annotations.NullMarked;
