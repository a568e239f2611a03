/** The state of ECS clusters over HTTP: REST, streams, metrics and a page, on top of the library. */
@NullMarked
package io.clusterstate.examples.stateserver;

import org.jspecify.annotations.NullMarked;
