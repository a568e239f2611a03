package io.clusterstate;

/** Access to a view's internals for tests in other packages. */
public final class TestViews {

    private TestViews() {}

    /** How many threads wait for something to happen in a view. */
    public static int waiting(ClusterStateView view) {
        return ((StoreView) view).waiting();
    }
}
