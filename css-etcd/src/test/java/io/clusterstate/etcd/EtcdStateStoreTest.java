package io.clusterstate.etcd;

import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.StateStoreContract;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import org.junit.jupiter.api.Order;

/** The contract of all stores, on a real etcd. */
@Order(1) // since it takes the longest
class EtcdStateStoreTest extends StateStoreContract {

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
        return Soak.size("histories on etcd", 20, 1_000);
    }
}
