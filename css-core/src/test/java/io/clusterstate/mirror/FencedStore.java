package io.clusterstate.mirror;

import io.clusterstate.Origin;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.DelegatingStore;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store that refuses the removals of one that does not lead, as each has to, and with a door for what a reconcile
 * found.
 */
final class FencedStore implements DelegatingStore {

    private final TestCoordination coordination;
    private final ReferenceStore store;
    private final AtomicInteger refused = new AtomicInteger();
    final Door reconcileDoor = new Door();

    FencedStore(TestCoordination coordination, TestTime time) {
        this.coordination = coordination;
        this.store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    }

    /** How many writes were refused. */
    int refused() {
        return refused.get();
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        if (changes.stream().anyMatch(FencedStore::isOfAReconcile)) {
            reconcileDoor.pass();
        }
        if (coordination.term() == 0 && changes.stream().anyMatch(FencedStore::isForLeaders)) {
            refused.incrementAndGet();
            throw new StateStoreException("apply: removals of another term", new IllegalStateException("by the test"));
        }
        return store.apply(changes);
    }

    /** And not of an event, which may still be on its way when the test begins. */
    private static boolean isOfAReconcile(Change<?> change) {
        return change instanceof Upsert<?> upsert && upsert.observed().origin() == Origin.RECONCILE;
    }

    private static boolean isForLeaders(Change<?> change) {
        return change instanceof Removal<?> removal && removal.reason() == Removal.Reason.MISSING;
    }

    @Override
    public StateStore store() {
        return store;
    }

    @Override
    public Optional<Coordination> coordination() {
        return Optional.of(coordination);
    }
}
