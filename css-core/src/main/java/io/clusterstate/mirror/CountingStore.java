package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Counts;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that counts the outcomes of changes, and reports the changes to the event path monitor. */
final class CountingStore implements StateStore {

    private final StateStore store;
    private final EventPathMonitor monitor;
    private final Counts<Outcome> counts = new Counts<>(Outcome.values());

    CountingStore(StateStore store, EventPathMonitor monitor) {
        this.store = store;
        this.monitor = monitor;
    }

    /** The number of changes by outcome. */
    Map<Outcome, Long> counts() {
        return counts.sums();
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<Applied> applied = counted(store.apply(changes));
        monitor.applied(applied);
        return applied;
    }

    @Override
    public ChangeJournal journal() {
        return store.journal();
    }

    @Override
    public List<Applied> expire() {
        return counted(store.expire());
    }

    @Override
    public Optional<Coordination> coordination() {
        return store.coordination();
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        return store.toString();
    }

    private List<Applied> counted(List<Applied> applied) {
        applied.forEach(each -> counts.add(each.outcome(), 1));
        return applied;
    }
}
