/**
 * Loops, clocks, pauses and counters: what runs, and what it takes from outside. Not API.
 *
 * <p>In the room: threads that repeat a step and how they are watched; the
 * {@link io.clusterstate.internal.loop.Environment environment} of clock, time, threads and randomness. It touches
 * {@link io.clusterstate.LoopStatus} alone.
 */
@NullMarked
package io.clusterstate.internal.loop;

import org.jspecify.annotations.NullMarked;
