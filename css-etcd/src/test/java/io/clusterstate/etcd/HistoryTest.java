package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.ReconcileReport;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.SimulatorFixture;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the library leaves in etcd's history, which costs disk until it is compacted. */
class HistoryTest {

    private static final int TASKS = 3_000;
    private static final int CLUSTERS = 2;
    private static final int CHURNING = 500;
    /** In each quarter, so that it lasts several times as long as etcd keeps what it compacts. */
    private static final int ROUNDS = 60;

    private static final Duration PACE = Duration.ofMillis(50);

    @Test
    void comparingWhatHasNotChangedWritesNoEntity() throws Exception {
        Etcd etcd = TestEtcd.byAddress();
        try (SimulatorFixture world = new SimulatorFixture(
                        Simulator.builder().seed(3).clusters(CLUSTERS).tasks(TASKS));
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(world.ecs())
                        .events(world.source())
                        .store(EtcdStateStore.of(etcd))
                        .apiShare(1)
                        .build()) {
            mirror.start();
            await(() -> mirror.view().isReady());
            mirror.reconcileNow().get(60, TimeUnit.SECONDS);
            long revision = revision(etcd);
            long writes = writes(etcd);

            List<ReconcileReport> reports = mirror.reconcileNow().get(60, TimeUnit.SECONDS);

            assertEquals(CLUSTERS, reports.size());
            reports.forEach(report -> assertEquals(Drift.NONE, report.drift()));
            assertEquals(0, entitiesWrittenAfter(etcd, revision));
            long marks = writes(etcd) - writes;
            assertEquals(CLUSTERS + 1, marks, "one mark of freshness for each cluster and one for the list");
            System.out.printf(
                    "a reconcile of %d tasks that have not changed: %d entities written, %d marks%n",
                    mirror.view().snapshot().tasks().count(), entitiesWrittenAfter(etcd, revision), marks);
        }
    }

    @Test
    void theDatabaseStopsGrowingUnderSteadyChurnWhereEtcdCompacts() throws Exception {
        List<Long> growing = sizesUnderChurn();
        List<Long> bounded = sizesUnderChurn("--auto-compaction-mode", "periodic", "--auto-compaction-retention", "1s");

        System.out.printf(
                "etcd: %s; bytes in use under churn: compacted %s, not compacted %s%n",
                TestEtcd.server().version(), bounded, growing);
        assertTrue(growthAtTheEnd(growing) > 4 * growthAtTheEnd(bounded), () -> growing + " beside " + bounded);
    }

    /** In the second half. Where etcd compacts, the size swings by what is written from one compaction to the next. */
    private static long growthAtTheEnd(List<Long> sizes) {
        return sizes.get(sizes.size() - 1) - sizes.get(sizes.size() / 2 - 1);
    }

    /** Changes the same tasks in four quarters, and takes the size in use after each. */
    private static List<Long> sizesUnderChurn(String... options) throws Exception {
        try (EtcdServer server = EtcdServer.launch(options);
                EtcdStateStore store = TestEtcd.leading(
                        EtcdStateStore.of(Etcd.at(server.endpoint().toString())))) {
            List<Long> sizes = new ArrayList<>();
            for (int quarter = 1; quarter <= 4; quarter++) {
                churn(store, quarter);
                sizes.add(server.databaseSizeInUse());
            }
            return sizes;
        }
    }

    private static void churn(EtcdStateStore store, int quarter) {
        long first = quarter * 1_000_000L;
        for (long version = first; version < first + ROUNDS; version++) {
            List<Change<?>> changes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                changes.add(SampleChanges.event("churning" + (version * 100 + i) % CHURNING, version));
            }
            store.apply(changes);
            LockSupport.parkNanos(
                    PACE.toNanos()); // steady: as fast as can be, etcd compacts more slowly than it is written
        }
    }

    private static long revision(Etcd etcd) {
        return get(etcd).getHeader().getRevision();
    }

    /** How often anything was written since the beginning. */
    private static long writes(Etcd etcd) {
        return get(etcd).getKvs().get(0).getVersion();
    }

    private static GetResponse get(Etcd etcd) {
        return TestEtcd.client().getKVClient().get(etcd.keys().head()).join();
    }

    private static int entitiesWrittenAfter(Etcd etcd, long revision) {
        GetOption option = GetOption.builder()
                .withRange(etcd.keys().end())
                .withMinModRevision(revision + 1)
                .withKeysOnly(true)
                .build();
        return (int) TestEtcd.client().getKVClient().get(etcd.keys().all(), option).join().getKvs().stream()
                .filter(pair -> etcd.keys().kindOf(pair.getKey()) == Keys.Kind.ENTITY)
                .count();
    }
}
