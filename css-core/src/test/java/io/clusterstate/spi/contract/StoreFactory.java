package io.clusterstate.spi.contract;

import io.clusterstate.spi.StateStore;
import java.time.Duration;

/** Opens stores for tests. */
@FunctionalInterface
public interface StoreFactory {

    /**
     * Opens an empty store.
     *
     * @param clock the clock for retentions
     * @param keepEnded the retention of ended entities
     * @param keepTombstones the retention of tombstones
     * @return the store, which the caller closes
     */
    StateStore open(TestClock clock, Duration keepEnded, Duration keepTombstones);
}
