package io.clusterstate;

/**
 * A {@link ReadPolicy} names a cluster that the view does not know. Unlike a {@link StaleViewException}, waiting for a
 * reconcile does not help, unless the cluster is new: check the name, and the clusters that the mirror selects.
 */
public final class UnknownClusterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnknownClusterException(String message) {
        super(message);
    }
}
