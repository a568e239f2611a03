/**
 * The expectations of a process, laid over a view's snapshots. Not API.
 *
 * <p>The room computes on immutable values: a {@code Ledger} of what is open, and a snapshot of the view. It calls
 * nobody. A mirror takes the {@link io.clusterstate.internal.expect.Inquiry} that is due, asks ECS, and writes the
 * answers into its store, where the expectations meet them like any other news.
 */
@NullMarked
package io.clusterstate.internal.expect;

import org.jspecify.annotations.NullMarked;
