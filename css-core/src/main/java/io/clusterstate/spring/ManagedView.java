package io.clusterstate.spring;

import io.clusterstate.ClusterStateView;
import java.util.List;
import java.util.function.Supplier;

/**
 * A view whose life the application context manages: that of a mirror, or of a reader. The context starts it with the
 * other beans, shows its health, and stops it.
 *
 * @param view the view
 * @param start starts the threads behind the view, and returns at once; runs once
 * @param stop ends them, within a bounded time
 * @param problems the present problems, one sentence each; quick, and without a call
 */
public record ManagedView(ClusterStateView view, Runnable start, Runnable stop, Supplier<List<String>> problems) {}
