/**
 * The store for one process, and a fake view for the unit tests of hosts.
 *
 * <p>In this room are {@link io.clusterstate.memory.MemoryStateStore}, the store of a mirror that shares its state with
 * no other process, and {@link io.clusterstate.memory.FakeClusterState}, which is built on that store. Behind the fake
 * stands {@link io.clusterstate.memory.FakeEcs}, with a client for code that starts tasks. Public beside them are the
 * fake's subscribers, its events, the builders of its entities and their ARNs.
 *
 * <p>It may touch Caffeine, the SPI, ARNs, the interface of the AWS client, and the public API of the core. It touches
 * no mirror. Of the core's internal packages it touches that of the expectations.
 *
 * <p>A mirror walks through the store by {@code apply} and {@code expire}. A test walks through the fake by
 * {@code put}, {@code deliver} and {@code advance}, and the code under test by the view.
 */
@NullMarked
package io.clusterstate.memory;

import org.jspecify.annotations.NullMarked;
