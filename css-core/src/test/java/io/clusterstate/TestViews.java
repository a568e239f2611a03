package io.clusterstate;

/** What tests of other rooms need to know about a view. */
public final class TestViews {

    private TestViews() {}

    /** How many threads wait for something to happen in a view. */
    public static int waiting(ClusterStateView view) {
        return ((StoreView) view).waiting();
    }
}
