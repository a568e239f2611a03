/**
 * The status of a mirror, and the counts of a client over a view, as Micrometer meters. Only this package needs
 * Micrometer, an optional dependency: a host that uses the package declares {@code io.micrometer:micrometer-core}
 * itself, and any other host needs none.
 */
@NullMarked
package io.clusterstate.micrometer;

import org.jspecify.annotations.NullMarked;
