/** The daemon scheduler: one task of a definition on every instance that matches, as an example of a scheduler. */
@NullMarked
package io.clusterstate.examples.daemonscheduler;

import org.jspecify.annotations.NullMarked;
