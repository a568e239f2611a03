package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A write that fails is reported, and succeeds once etcd takes writes again. */
@Execution(ExecutionMode.CONCURRENT)
class FailingWritesTest extends OnOwnEtcd {

    @Test
    @Promise(4)
    void aStoreWhoseWritesFailSaysSoAndTakesThemAgainByItself() throws Exception {
        EtcdServer full = EtcdServer.launch("--quota-backend-bytes", "65536");
        try (full;
                EtcdStateStore store = TestEtcd.following(
                        EtcdStateStore.of(Etcd.at(full.endpoint().toString())))) {
            Coordination coordination = store.coordination().orElseThrow();
            await(() -> {
                fill(store);
                return coordination.problem().isPresent();
            });
            assertFalse(coordination.takesWrites());
            assertTrue(coordination.link().isLive(), "reading goes on");
            assertTrue(
                    coordination.problem().orElseThrow().contains("space exceeded"), coordination.problem()::toString);
        }
    }

    @Test
    @Promise(4)
    void aWriteThatFailsIsTriedAgainWithinSecondsHoweverLongTheLease() throws Exception {
        EtcdStateStore leader = TestEtcd.leading(
                EtcdStateStore.builder(Etcd.at(scene.proxy().endpoint().toString())
                                .namespace(TestEtcd.newNamespace())
                                .timeout(Duration.ofSeconds(1)))
                        .leaderLease(Duration.ofMinutes(10))
                        .build());
        try (leader) {
            Coordination coordination = leader.coordination().orElseThrow();
            scene.proxy().refuse(true);
            assertThrows(StateStoreException.class, () -> leader.apply(List.of(SampleChanges.event("late", 1))));
            scene.proxy().refuse(false);
            long from = System.nanoTime();

            await(coordination::takesWrites);

            Duration took = Duration.ofNanos(System.nanoTime() - from);
            assertTrue(took.compareTo(Duration.ofSeconds(45)) < 0, () -> "took " + took);
        }
    }

    private static void fill(EtcdStateStore store) {
        try {
            store.apply(List.of(SampleChanges.event("full", System.nanoTime())));
        } catch (StateStoreException e) {
            assertTrue(e.getMessage().contains("space exceeded"), e.getMessage());
        }
    }
}
