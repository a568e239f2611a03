/** The quickstart: the library at work on a simulated or a real ECS, on one screen. */
@NullMarked
package io.clusterstate.examples.quickstart;

import org.jspecify.annotations.NullMarked;
