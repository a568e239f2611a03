/**
 * Loops, clocks, pauses and counters: the threads, and their environment. Not API.
 *
 * <p>The room holds threads that repeat a step, their supervision, and the
 * {@link io.clusterstate.internal.loop.Environment environment} of clock, time, threads and randomness. It uses
 * {@link io.clusterstate.LoopStatus} alone.
 */
@NullMarked
package io.clusterstate.internal.loop;

import org.jspecify.annotations.NullMarked;
