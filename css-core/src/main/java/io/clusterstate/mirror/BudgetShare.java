package io.clusterstate.mirror;

import io.clusterstate.internal.ecs.ApiBudget;

/** The part of the API share that a mirror uses. Mirrors on a shared store divide one share among them. */
record BudgetShare(ApiBudget budget, CountingStore store, Reconciler reconciler) {

    /** The part of the leader of a shared store: its passes take most calls. */
    private static final double LEADERS_PART = 3.0 / 4;
    /** The part of each other mirror, which describes hints alone. Five mirrors together use one share. */
    private static final double FOLLOWERS_PART = 1.0 / 16;

    /** Takes the part that the mirror's present role has. */
    void take() {
        if (store.coordination().isPresent()) {
            budget.use(reconciler.isLeading() ? LEADERS_PART : FOLLOWERS_PART);
        }
    }
}
