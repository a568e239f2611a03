package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.Snapshot;
import java.util.function.Supplier;

/**
 * A checker of one law in one view. A listener of the view receives each batch, and a second thread reads snapshots.
 *
 * <p>Thread: one thread calls {@link #batch}, and another {@link #seen}.
 */
abstract class Law {

    private final String where;
    private final Findings findings;

    Law(String where, Findings findings) {
        this.where = where;
        this.findings = findings;
    }

    /** The name, as it is printed and counted. */
    final String name() {
        return getClass().getSimpleName();
    }

    /** Checks a batch that a listener of the view received. */
    void batch(ChangeBatch batch) {}

    /** Checks a snapshot that the view answered. */
    void seen(Snapshot snapshot) {}

    /** Counts a check, and notes a violation if it failed. */
    final void require(boolean holds, Supplier<String> evidence) {
        if (holds) {
            findings.held(name(), 1);
        } else {
            findings.broken(name(), where, evidence.get());
        }
    }
}
