package io.clusterstate.testing;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStore;
import java.util.List;
import java.util.Optional;

/** A store that passes everything to another store; a test overrides what it wants to differ. */
public interface DelegatingStore extends StateStore {

    /** The store behind. */
    StateStore store();

    @Override
    default List<Applied> apply(List<? extends Change<?>> changes) {
        return store().apply(changes);
    }

    @Override
    default ChangeJournal journal() {
        return store().journal();
    }

    @Override
    default List<Applied> expire() {
        return store().expire();
    }

    @Override
    default Optional<Coordination> coordination() {
        return store().coordination();
    }

    @Override
    default void close() {
        store().close();
    }
}
