/** Threads that do something again and again, how they are watched, and what they take from outside. Not API. */
@NullMarked
package io.clusterstate.internal.loop;

import org.jspecify.annotations.NullMarked;
