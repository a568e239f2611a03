/**
 * The store and the fake as beans of an application on Spring Boot 4.
 *
 * <p>Only this package of css-memory needs Spring, an optional dependency. An application gets a
 * {@link io.clusterstate.memory.MemoryStateStore} where it has a queue and no other store; a test gets a fake by
 * {@link io.clusterstate.memory.spring.ClusterStateTest}.
 */
@NullMarked
package io.clusterstate.memory.spring;

import org.jspecify.annotations.NullMarked;
