/**
 * The fake as a JUnit extension.
 *
 * <p>In this room is {@link io.clusterstate.memory.junit.FakeClusterStateExtension} alone. It may touch the fake and
 * JUnit, and is the only room that needs JUnit, an optional dependency. A host that uses it has
 * {@code org.junit.jupiter:junit-jupiter-api} on its test class path; any other host needs none. Only tests of hosts
 * walk through.
 */
@NullMarked
package io.clusterstate.memory.junit;

import org.jspecify.annotations.NullMarked;
