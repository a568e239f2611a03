/**
 * A mirror's status as Micrometer meters. The only package that needs Micrometer, which is an optional dependency: a
 * host that uses this package declares {@code io.micrometer:micrometer-core} itself, any other host needs none.
 */
@NullMarked
package io.clusterstate.micrometer;

import org.jspecify.annotations.NullMarked;
