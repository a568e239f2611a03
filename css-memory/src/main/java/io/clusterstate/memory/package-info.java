/**
 * The store for one process: Caffeine holds what is known, snapshots answer. And, on that store,
 * {@link io.clusterstate.memory.FakeClusterState}: the fake for the unit tests of those who read a view.
 */
@NullMarked
package io.clusterstate.memory;

import org.jspecify.annotations.NullMarked;
