package io.clusterstate.etcd;

import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.StateStoreContract;
import io.clusterstate.spi.contract.TestClock;
import java.time.Duration;

/** The contract of all stores, on a real etcd. */
class EtcdStateStoreTest extends StateStoreContract {

    /** Of which each is applied to six stores; {@code -Dcss.histories=1000} for as many as a store in memory has. */
    private static final int HISTORIES = 30;

    @Override
    protected StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones) {
        return TestEtcd.leading(EtcdStateStore.builder(TestEtcd.shared())
                .keepEnded(keepEnded)
                .keepTombstones(keepTombstones)
                .clock(clock)
                .build());
    }

    @Override
    protected int histories() {
        return Integer.getInteger("css.histories", HISTORIES);
    }
}
