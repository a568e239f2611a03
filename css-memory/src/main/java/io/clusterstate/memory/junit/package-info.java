/**
 * The fake in JUnit's tests. The only package that needs JUnit, which is an optional dependency: a host that uses this
 * package has {@code org.junit.jupiter:junit-jupiter-api} on its test class path, any other host needs none.
 */
@NullMarked
package io.clusterstate.memory.junit;

import org.jspecify.annotations.NullMarked;
