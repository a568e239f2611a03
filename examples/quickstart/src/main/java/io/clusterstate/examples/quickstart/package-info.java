/** The quickstart: shows the library at work on a simulated or a real ECS. */
@NullMarked
package io.clusterstate.examples.quickstart;

import org.jspecify.annotations.NullMarked;
