/** Small commands over the REST API of a state server, and its trial under load. */
@NullMarked
package io.clusterstate.examples.tools;

import org.jspecify.annotations.NullMarked;
