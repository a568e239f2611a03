/**
 * What an application types: the {@link io.clusterstate.ClusterMirror mirror} that it starts, the
 * {@link io.clusterstate.ClusterStateView view} that it reads, and the {@link io.clusterstate.Snapshot snapshots} and
 * queries that answer.
 */
@NullMarked
package io.clusterstate;

import org.jspecify.annotations.NullMarked;
