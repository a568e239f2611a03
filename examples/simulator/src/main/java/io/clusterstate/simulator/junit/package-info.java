/**
 * The simulator as a JUnit extension; begin at {@link io.clusterstate.simulator.junit.SimulatedEcs}.
 *
 * <p>It is the only package that needs JUnit, an optional dependency. A host that uses it has
 * {@code org.junit.jupiter:junit-jupiter-api}, from 5.12 on, on its test class path.
 */
@NullMarked
package io.clusterstate.simulator.junit;

import org.jspecify.annotations.NullMarked;
