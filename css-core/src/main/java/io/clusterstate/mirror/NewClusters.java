package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices clusters that the leader does not follow, in the changes of its store. Any mirror on the store may have
 * written such a change, because the queue can deliver the events of a new cluster to followers alone.
 *
 * <p>Thread: a hook of the journal, on the thread that publishes; quick, and never throws.
 */
final class NewClusters implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(NewClusters.class);

    private final ChangeJournal journal;
    private final Selection selection;
    private final Reconciler reconciler;

    /**
     * A hook that is not in the journal yet.
     *
     * @param reconciler lists the clusters soon after the store has an entity of a new cluster
     */
    NewClusters(ChangeJournal journal, Selection selection, Reconciler reconciler) {
        this.journal = journal;
        this.selection = selection;
        this.reconciler = reconciler;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // the host's selection may throw anything
    public void run() {
        try {
            if (reconciler.isLeading()) {
                look(journal.last());
            }
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "new clusters: the selection of clusters failed, so they wait for the next list: {}", e.toString());
        }
    }

    private void look(ChangeJournal.Published batch) {
        if (isRestart(batch)) {
            reconciler.hurryList(); // any cluster may be new
        } else if (batch.changes().stream().map(Applied::after).anyMatch(this::isOfNewCluster)) {
            reconciler.hurryList();
        }
    }

    /** Whether the journal has begun anew, so that it lacks the changes up to this batch. */
    private boolean isRestart(ChangeJournal.Published batch) {
        return batch.changes().isEmpty() && journal.oldest() == batch.after().revision();
    }

    /** Whether a value lives in a cluster that the mirror selects and does not follow; clusters come from lists. */
    private boolean isOfNewCluster(@Nullable Observed<?> after) {
        return after != null
                && after.kind() != EntityKind.CLUSTER
                && after.kind() != EntityKind.TASK_DEFINITION
                && !reconciler.follows(after.clusterArn())
                && !after.hasEnded()
                && selection.includes(after.kind(), after.clusterArn());
    }
}
