package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.Client;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Loads by a reader whose watch etcd cannot continue. */
class LoadingTest extends OnOwnEtcd {

    private static final int TASKS = 5_000;
    private static final int CHANGED = TASKS / 100;
    private static final double MAX_SHARE = 0.05;

    @Test
    void aLoadAfterFewChangesMovesFewBytes() throws Exception {
        fill();
        long whole = bytesOfAWholeLoad();
        scene.awaitEqual();
        cutOff();
        changeSome();
        scene.write(1); // a second revision, so that etcd compacts the first
        compact();
        long before = scene.proxy().received();

        scene.proxy().refuse(false);
        scene.awaitEqual();

        await(() -> scene.reader().follower().loads() == 2);
        long moved = scene.proxy().received() - before;
        System.out.printf(
                "a load after %d of %d tasks have changed: %d bytes, %.1f %% of the %d of a whole load%n",
                CHANGED, TASKS, moved, 100.0 * moved / whole, whole);
        assertTrue(moved < MAX_SHARE * whole, () -> moved + " of " + whole + " bytes");
    }

    @Test
    @Promise({1, 9})
    void aLoadOfTheChangesHasWhatIsNewAndWhatIsGone() throws Exception {
        scene.write(50);
        scene.awaitEqual();
        cutOff();
        scene.write(5);
        scene.remove("task3");
        scene.writer().apply(List.of(SampleChanges.event("new", 1)));
        compact();

        scene.proxy().refuse(false);
        scene.awaitEqual();

        await(() -> scene.reader().follower().loads() == 2);
        assertTrue(scene.view().task(arn("task3")).isEmpty());
        assertTrue(scene.view().task(arn("new")).isPresent());
    }

    @Test
    @Promise({3, 9})
    void aTombstoneThatWasDeletedMeanwhileIsMissedByNobody() throws Exception {
        TestClock clock = new TestClock();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(TestEtcd.newNamespace());
        try (TcpProxy proxy = TcpProxy.to(server.clientPort());
                EtcdStateStore leader = TestEtcd.leading(
                        EtcdStateStore.builder(etcd).clock(clock).build());
                EtcdStateStore other =
                        EtcdStateStore.of(Etcd.at(proxy.endpoint().toString())
                                .namespace(etcd.keys().toString()))) {
            leader.apply(List.of(task("gone", 1), task("stays", 1)));
            TestEtcd.following(other);
            proxy.refuse(true);
            leader.apply(List.of(
                    SampleChanges.missing(TASK, arn("gone"), 1, clock.instant().getEpochSecond())));
            clock.turn(EtcdStateStore.DEFAULT_KEEP_TOMBSTONES.plusSeconds(1));
            leader.expire();
            assertEquals(Entry.NONE, leader.replica().entry(arn("gone")));
            compact();

            proxy.refuse(false);

            await(() -> other.replica().upTo() >= leader.replica().upTo());
            assertEquals(Entry.NONE, other.replica().entry(arn("gone")));
            assertEquals(1, other.snapshot().tasks().count());
        }
    }

    @Test
    @Promise({1, 3})
    void aTombstoneThatAMirrorHasSeenAndThatWasDeletedMeanwhileIsInItsWayNoMore() throws Exception {
        TestClock clock = new TestClock();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(TestEtcd.newNamespace());
        try (TcpProxy proxy = TcpProxy.to(server.clientPort());
                EtcdStateStore leader = TestEtcd.leading(
                        EtcdStateStore.builder(etcd).clock(clock).build());
                EtcdStateStore other = EtcdStateStore.builder(
                                Etcd.at(proxy.endpoint().toString())
                                        .namespace(etcd.keys().toString()))
                        .clock(clock)
                        .build()) {
            TestEtcd.following(other);
            leader.apply(List.of(task("back", 1), task("stays", 1)));
            leader.apply(List.of(
                    SampleChanges.missing(TASK, arn("back"), 1, clock.instant().getEpochSecond())));
            leader.apply(List.of(task("last", 1)));
            await(() -> other.replica().upTo() >= leader.replica().upTo());
            proxy.refuse(true);
            clock.turn(EtcdStateStore.DEFAULT_KEEP_TOMBSTONES.plusSeconds(1));
            leader.expire();
            leader.apply(List.of(task("stays", 2))); // a second revision, so that etcd compacts the first
            compact();

            proxy.refuse(false);

            await(() -> other.replica().upTo() >= leader.replica().upTo());
            assertEquals(Entry.NONE, other.replica().entry(arn("back")));
            assertEquals(
                    Outcome.ADDED, other.apply(List.of(task("back", 2))).get(0).outcome());
        }
    }

    @Test
    @Promise({1, 9})
    void aWatchWhoseAnswerIsTooLargeForAHostsClientIsReplacedByALoad() throws Exception {
        try (Client small = Client.builder()
                        .endpoints(scene.proxy().endpoint())
                        .maxInboundMessageSize(64 * 1024)
                        .retryMaxAttempts(0)
                        .build();
                EtcdStateStore host = EtcdStateStore.of(Etcd.through(small).namespace(scene.namespace()))) {
            TestEtcd.following(host);
            scene.proxy().refuse(true);
            List<Change<?>> many = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                many.add(SampleChanges.event("many" + i, 1));
            }
            scene.writer().apply(many);
            long loads = host.follower().loads();

            scene.proxy().refuse(false);

            await(() -> host.snapshot().revision() == scene.writer().snapshot().revision());
            await(() -> host.follower().loads() == loads + 1);
            assertEquals(Scene.valuesOf(scene.writer().snapshot()), Scene.valuesOf(host.snapshot()));
        }
    }

    private void fill() {
        BusyTasks tasks = new BusyTasks("busy");
        for (int first = 0; first < TASKS; first += 1_000) {
            scene.writer().apply(tasks.upserts(first, 1_000));
        }
    }

    private long bytesOfAWholeLoad() {
        try (TcpProxy proxy = TcpProxy.to(server.clientPort());
                EtcdStateReader fresh =
                        EtcdStateReader.of(Etcd.at(proxy.endpoint().toString()).namespace(scene.namespace()))) {
            fresh.start();
            await(() -> fresh.view().isReady());
            return proxy.received();
        }
    }

    private void changeSome() {
        List<Change<?>> changes = scene.writer()
                .snapshot()
                .query(TASK)
                .observed()
                .limit(CHANGED)
                .<Change<?>>map(LoadingTest::next)
                .toList();
        assertEquals(CHANGED, changes.size());
        scene.writer().apply(changes);
    }

    private static Change<Task> next(Observed<Task> task) {
        Task next = task.value().toBuilder().version(task.version() + 1).build();
        return upsert(TASK, task.clusterArn(), next);
    }

    private static Change<Task> task(String id, long version) {
        return upsert(
                TASK, Entities.clusterArn(SampleChanges.CLUSTER), Entities.task(SampleChanges.CLUSTER, id, version));
    }

    /** Cuts the reader off, and waits until its last watch has ended. */
    private void cutOff() {
        scene.proxy().refuse(true);
        await(() -> !scene.view().freshness().link().isLive());
    }

    private static String arn(String id) {
        return Entities.taskArn(SampleChanges.CLUSTER, id);
    }
}
