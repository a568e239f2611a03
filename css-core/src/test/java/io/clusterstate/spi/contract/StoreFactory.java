package io.clusterstate.spi.contract;

import io.clusterstate.spi.StateStore;
import java.time.Duration;

/** Opens stores to be tested. */
@FunctionalInterface
public interface StoreFactory {

    /**
     * A new store in which nothing is known.
     *
     * @param clock by which it judges the ends of retentions
     * @param keepEnded how long ended entities are to be kept
     * @param keepTombstones how long removals are to be remembered
     * @return the store, which its user closes
     */
    StateStore open(TestClock clock, Duration keepEnded, Duration keepTombstones);
}
