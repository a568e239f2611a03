/**
 * The write side: the {@link io.clusterstate.mirror.ClusterMirror mirror}, which consumes events, reconciles with the
 * ECS API, writes into a store, and reports its status.
 *
 * <p>Public are the types that an application needs to run a mirror. Package-private is the engine, which consumes
 * events, reconciles clusters, describes entities and claims a queue. The package uses the read side, {@code spi} and
 * the internal packages; only {@code internal.ecs} calls ECS. Every change passes through this package on its way to a
 * store.
 */
@NullMarked
package io.clusterstate.mirror;

import org.jspecify.annotations.NullMarked;
