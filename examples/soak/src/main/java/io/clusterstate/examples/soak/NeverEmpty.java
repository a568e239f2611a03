package io.clusterstate.examples.soak;

import io.clusterstate.Snapshot;

/** Promise 5: a view that answers never answers as empty, since the simulated account always has clusters and tasks. */
final class NeverEmpty extends Law {

    NeverEmpty(String where, Findings findings) {
        super(where, findings);
    }

    @Override
    void seen(Snapshot snapshot) {
        require(
                snapshot.clusters().count() > 0 && snapshot.tasks().count() > 0,
                () -> snapshot + " (expected: clusters and tasks)");
    }

    /** Notes that a view which was ready no longer answers. */
    void refused(RuntimeException failure) {
        require(false, () -> "the view was ready, and now throws " + failure);
    }
}
