package io.clusterstate.examples.concurrency;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.VersionRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A broken store: its writers decide and publish without a lock. It keeps tombstones for ever. */
final class StoreWithoutLock implements StateStore {

    private final ChangeJournal journal = new ChangeJournal();

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        List<Applied> applied = new ArrayList<>();
        for (Change<?> change : changes) {
            applied.add(apply(change));
        }
        return applied;
    }

    private <T> Applied apply(Change<T> change) {
        Snapshot base = journal.snapshot();
        Observed<T> before = base.observed(change.kind(), change.arn()).orElse(null);
        Decision<T> decision = VersionRule.decide(before, null, change, Instant.EPOCH);
        if (!decision.outcome().hasEffect()) {
            return new Applied(change, decision.outcome(), before, before, base.revision());
        }
        long revision = base.revision() + 1;
        SnapshotEditor editor = SnapshotEditor.of(base);
        Observed<T> after =
                decision.present() == null ? null : decision.present().at(revision);
        if (after == null) {
            editor.remove((Removal<?>) change);
        } else {
            editor.put(after);
        }
        Applied result = new Applied(change, decision.outcome(), before, after, revision);
        journal.publish(editor.toSnapshot(revision), List.of(result));
        return result;
    }

    @Override
    public ChangeJournal journal() {
        return journal;
    }

    @Override
    public List<Applied> expire() {
        return List.of();
    }

    @Override
    public void close() {}
}
