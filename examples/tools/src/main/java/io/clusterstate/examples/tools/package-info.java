/** Small commands over the REST API of a state server. */
@NullMarked
package io.clusterstate.examples.tools;

import org.jspecify.annotations.NullMarked;
