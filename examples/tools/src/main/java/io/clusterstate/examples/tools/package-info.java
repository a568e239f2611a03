/** Small commands over the REST API of a state server, and a load test of it. */
@NullMarked
package io.clusterstate.examples.tools;

import org.jspecify.annotations.NullMarked;
