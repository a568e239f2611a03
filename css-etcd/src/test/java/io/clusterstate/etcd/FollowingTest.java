package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.EntityKind;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreLink.State;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.RecordingThreadFactory;
import io.clusterstate.testing.Soak;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of a view when the way to etcd, or etcd itself, has a bad day. */
@Execution(ExecutionMode.CONCURRENT)
class FollowingTest {

    private static final Duration BRIEF = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private EtcdServer server;
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch();
        scene = Scene.open(server);
    }

    @AfterEach
    void close() {
        scene.close();
        server.close();
    }

    @Test
    @Tag("soak")
    @Promise(9)
    void aWatchThatIsCutInTheMiddleOfManyChangesLosesNone() {
        int changes = Soak.size("changes before and after each cut", 25, 100);
        for (int cuts = 0; cuts < 6; cuts++) {
            long before = scene.reader().view().snapshot().revision();
            scene.write(changes);
            await(() -> scene.reader().view().snapshot().revision() > before); // three fruitless watches are a reload
            scene.proxy().cut();
            scene.write(changes);
        }

        scene.awaitEqual();

        assertEquals(1, scene.reader().follower().loads(), "it went on, and did not load again");
        assertTrue(scene.reader().follower().watches() > 1);
    }

    @Test
    @Tag("soak")
    @Promise(9)
    void aWatchThatHasMissedThousandsOfChangesCatchesUpThoughItIsCutAgain() {
        scene.proxy().refuse(true);
        scene.write(Soak.size("changes that a watch has missed", 200, 2_000));
        scene.proxy().refuse(false);
        for (int cuts = 0; cuts < 4; cuts++) {
            long watches = scene.reader().follower().watches();
            await(() -> {
                scene.proxy().cut(); // again, since there may be no connection yet
                return scene.reader().follower().watches() > watches;
            });
        }

        scene.awaitEqual();
    }

    @Test
    @Promise({1, 9})
    void whatWasCompactedMeanwhileIsLoadedAgainAndTheDifferenceTold() throws Exception {
        scene.write(50);
        scene.awaitEqual();
        scene.proxy().refuse(true);
        scene.write(50);
        scene.remove("task3");
        compact();
        scene.proxy().refuse(false);

        scene.awaitEqual();

        await(() -> scene.reader().follower().loads() == 2);
        assertTrue(scene.view()
                .task(Entities.taskArn(SampleChanges.CLUSTER, "task3"))
                .isEmpty());
    }

    @Test
    void aSilentNetworkMakesTheViewStaleAndItGoesOnAnsweringUntilItIsLiveAgain() {
        scene.write(20);
        scene.awaitEqual();
        long revision = scene.view().snapshot().revision();
        scene.proxy().silence(true);
        scene.write(20);

        await(() -> link().state() == State.STALE);

        assertEquals(revision, scene.view().snapshot().revision());
        assertTrue(link().since().isBefore(Instant.now().minus(Scene.STALE_AFTER)), link()::toString);
        assertTrue(scene.reader().problems().toString().contains("last heard of at"));
        scene.proxy().silence(false);
        await(() -> link().isLive());
        scene.awaitEqual();
        assertEquals(List.of(), scene.reader().problems());
    }

    @Test
    void anEtcdThatIsKilledIsWaitedForAndFollowedFromWhereItWas() throws Exception {
        scene.write(20);
        scene.awaitEqual();
        server.kill();
        await(() -> link().state() == State.STALE);
        assertThrows(StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        assertEquals(7, scene.view().snapshot().tasks().count());
        server.start();
        server.awaitUp();

        await(() -> link().isLive() && scene.coordination().link().isLive());
        scene.writer().apply(List.of(SampleChanges.event("late", 1)));

        scene.awaitEqual();
        assertEquals(1, scene.reader().follower().loads());
        assertEquals(8, scene.view().snapshot().tasks().count());
    }

    @Test
    void anEtcdThatIsPausedMakesCallsFailInTimeAndIsFollowedAgain() throws Exception {
        scene.write(20);
        server.pause();
        long from = System.nanoTime();
        assertThrows(StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(Etcd.TIMEOUT.multipliedBy(3)) < 0, () -> "took " + took);
        server.resume();

        await(() -> link().isLive() && scene.coordination().link().isLive());
        scene.writer().apply(List.of(SampleChanges.event("late", 1)));

        scene.awaitEqual();
    }

    @Test
    void aClientThatFailsAgainAndAgainIsReplaced() {
        scene.proxy().refuse(true);
        await(() -> scene.reader().connection().replaced() > 0);
        scene.write(20);
        scene.proxy().refuse(false);

        scene.awaitEqual();
    }

    @Test
    @Promise({5, 8})
    void aStateThatIsEmptiedByAnotherHandIsKeptAndSaidSo() throws Exception {
        scene.write(20);
        scene.awaitEqual();

        try (Client client = client()) {
            client.getKVClient()
                    .delete(
                            key(scene.namespace()),
                            DeleteOption.builder().isPrefix(true).build())
                    .get();
        }

        await(() -> link().state() == State.STALE);
        assertEquals(7, scene.view().snapshot().tasks().count());
        String problem = scene.reader().problems().get(0);
        assertTrue(problem.contains("emptied by another hand"), problem);
        await(() -> scene.coordination().link().state() == State.STALE);
        StateStoreException refusal = assertThrows(
                StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        assertTrue(refusal.getMessage().contains("emptied by another hand"), refusal.getMessage());
        assertEquals(0, scene.coordination().term(), "what is broken off concludes nothing");
        try (EtcdStateStore restarted = TestEtcd.leading(
                EtcdStateStore.of(Etcd.at(server.endpoint().toString()).namespace(scene.namespace())))) {
            assertEquals(0, restarted.snapshot().tasks().count(), "a process that is started anew takes what is there");
        }
    }

    @Test
    @Promise({1, 5})
    void anEtcdThatComesBackWithoutItsDataIsNotBelieved() throws Exception {
        scene.write(50);
        scene.awaitEqual();
        server.kill();
        server.deleteData();
        server.start();
        server.awaitUp();

        await(() -> scene.reader().problems().toString().contains("restored from a backup, or is another"));

        assertEquals(7, scene.view().snapshot().tasks().count());
        assertEquals(State.STALE, link().state());
    }

    @Test
    void aPageThatIsTooLargeForAHostsClientIsReadInSmallerOnes() {
        List<Change<?>> large = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            large.add(SampleChanges.event("large" + i, 1));
        }
        scene.writer().apply(large);
        int aFewEntities = 8 * 1024;
        try (Client small = Client.builder()
                        .endpoints(server.endpoint())
                        .maxInboundMessageSize(aFewEntities)
                        .build();
                EtcdStateStore store = EtcdStateStore.of(Etcd.through(small).namespace(scene.namespace()))) {
            TestEtcd.following(store);

            assertEquals(100, store.snapshot().tasks().count());
        }
    }

    @Test
    void anImpatientReaderCostsNobodyTheClient() {
        scene.proxy().silence(true);
        for (int i = 0; i < 20; i++) {
            assertThrows(TimeoutException.class, () -> scene.view().awaitCurrent(Duration.ZERO));
        }

        assertEquals(0, scene.reader().connection().replaced());
    }

    @Test
    @Promise(11)
    void aCloseThatIsInterruptedWhileEtcdHangsLeavesNoThreadEither() throws Exception {
        RecordingThreadFactory threads = new RecordingThreadFactory();
        EtcdStateStore store = TestEtcd.following(
                EtcdStateStore.builder(etcd()).threads(threads).build());
        assertFalse(threads.living().isEmpty());
        server.pause();
        Thread.currentThread().interrupt();
        store.close();
        assertTrue(Thread.interrupted(), "the interrupt is left to the host");
        server.resume();

        await(() -> threads.living().isEmpty());
    }

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

    private static void fill(EtcdStateStore store) {
        try {
            store.apply(List.of(SampleChanges.event("full", System.nanoTime())));
        } catch (StateStoreException e) {
            assertTrue(e.getMessage().contains("space exceeded"), e.getMessage());
        }
    }

    @Test
    void aKeyThatSomebodyDeletesIsARemoval() throws Exception {
        scene.write(20);
        scene.awaitEqual();

        try (Client client = client()) {
            Keys keys = new Keys(scene.namespace());
            client.getKVClient()
                    .delete(keys.entity(
                            EntityKind.TASK,
                            Entities.clusterArn(SampleChanges.CLUSTER),
                            Entities.taskArn(SampleChanges.CLUSTER, "task1")))
                    .get();
        }

        await(() -> scene.view().snapshot().tasks().count() == 6);
        scene.awaitEqual();
        scene.writer().apply(List.of(SampleChanges.event("task1", 100)));
        await(() -> scene.view().snapshot().tasks().count() == 7);
    }

    @Test
    void aValueThatCannotBeReadStopsNothingAndWhatWasKnownStands() throws Exception {
        scene.write(20);
        scene.awaitEqual();
        Snapshot before = scene.view().snapshot();

        putByHand("task1", "{\"format\":1,\"kind\":\"task\"");
        putByHand("task2", "{\"format\":2,\"kind\":\"task\",\"whatever\":{}}");
        scene.write(1);

        await(() -> !scene.reader().problems().isEmpty());
        assertEquals("2 values cannot be read", scene.reader().problems().get(0).replaceAll(".*: (2 .*) \\(.*", "$1"));
        assertEquals(version(before, "task1"), version(scene.view().snapshot(), "task1"));
        assertTrue(
                scene.writer()
                        .apply(List.of(SampleChanges.event("task1", 500)))
                        .get(0)
                        .outcome()
                        .hasEffect(),
                "what cannot be read is written over");
        assertFalse(
                scene.writer()
                        .apply(List.of(SampleChanges.event("task2", 500)))
                        .get(0)
                        .outcome()
                        .hasEffect(),
                "what a later version has written is not");
        await(() -> version(scene.view().snapshot(), "task1") == 500);
    }

    @Test
    @Promise({5, 13})
    void aReaderThatCannotReadWhatALaterVersionWroteIsNotReadyAndNamesTheFormat() throws Exception {
        scene.write(7);
        putByHand("task9", "{\"format\":2,\"kind\":\"task\",\"whatever\":{}}");
        try (EtcdStateReader early = EtcdStateReader.of(etcd());
                EtcdStateStore mirrors = EtcdStateStore.of(etcd())) {
            early.start();
            mirrors.coordination().orElseThrow().start();
            await(() -> early.follower().loads() > 0 && mirrors.follower().loads() > 0);

            NotReadyException refusal = assertThrows(NotReadyException.class, early.view()::snapshot);
            assertTrue(
                    refusal.getMessage().contains("values of a later format: 1 (expected: none above format 1)"),
                    refusal.getMessage());
            assertTrue(early.problems()
                    .toString()
                    .contains("values of a later format: 1 (expected: none above format 1)"));
            assertEquals(
                    State.LOADING, mirrors.coordination().orElseThrow().link().state());

            putByHand("task9", new String(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT), StandardCharsets.UTF_8));
            scene.write(1);

            await(() -> early.view().isReady());
            assertEquals(List.of(), early.problems());
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
            assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, () -> "took " + took);
        }
    }

    @Test
    @Promise(5)
    void aReaderIsNotReadyBeforeSomeMirrorHasLoadedOnce() throws Exception {
        String namespace = TestEtcd.newNamespace();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(namespace);
        try (EtcdStateReader early = EtcdStateReader.of(etcd);
                EtcdStateStore store = EtcdStateStore.of(etcd)) {
            assertThrows(NotReadyException.class, early.view()::snapshot);
            early.start();
            TestEtcd.leading(store).apply(List.of(SampleChanges.event(1)));
            await(() -> early.view().freshness().link().isLive());
            NotReadyException refusal = assertThrows(NotReadyException.class, early.view()::snapshot);
            assertTrue(refusal.getMessage().contains("a mirror that completes the first load"), refusal.getMessage());

            Coordination coordination = store.coordination().orElseThrow();
            coordination.confirm(new Confirmation(true, Optional.empty(), Map.of()), coordination.term());

            early.view().awaitReady(LIMIT);
            assertEquals(1, early.view().snapshot().tasks().count());
        }
    }

    @Test
    void aLinkIsWarmAfterTheLoadAndLiveWhenItHasCaughtUp() {
        scene.write(50);
        List<State> states = new CopyOnWriteArrayList<>();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(scene.namespace());
        try (EtcdStateStore store = EtcdStateStore.of(etcd)) {
            states.add(store.coordination().orElseThrow().link().state());
            store.coordination()
                    .orElseThrow()
                    .afterMove(() ->
                            states.add(store.coordination().orElseThrow().link().state()));

            TestEtcd.following(store);

            assertEquals(
                    List.of(State.LOADING, State.WARM, State.LIVE),
                    states.stream().distinct().toList());
        }
    }

    @Test
    void theStateOfThisMomentIsWaitedForAndNotHadWhileEtcdIsAway() throws Exception {
        for (int i = 1; i <= 20; i++) {
            scene.writer().apply(List.of(SampleChanges.event("now", i)));
            assertEquals(i, version(scene.view().awaitCurrent(LIMIT), "now"));
        }
        scene.proxy().refuse(true);

        TimeoutException refusal =
                assertThrows(TimeoutException.class, () -> scene.view().awaitCurrent(BRIEF));

        assertTrue(refusal.getMessage().contains("etcd"), refusal.getMessage());
    }

    @Test
    @Promise(9)
    void aSubscriberResumesInAnotherProcessFromTheRevisionAtWhichThatOneBegan() {
        scene.write(30);
        scene.awaitEqual();
        try (EtcdStateReader next = EtcdStateReader.of(etcd())) {
            next.start();
            await(() -> next.view().isReady() && next.view().freshness().link().isLive());
            Snapshot known = scene.view().snapshot();
            List<String> told = new CopyOnWriteArrayList<>();
            ChangeListener listener = ChangeListener.builder()
                    .onBatch(batch -> batch.changes().forEach(change -> told.add(change.arn())))
                    .build();

            next.view().subscribe(listener, known.revision());
            scene.write(30);
            scene.remove("task3");

            await(() -> told.size() == 31);
            RevisionOutOfRangeException refusal = assertThrows(
                    RevisionOutOfRangeException.class, () -> next.view().subscribe(listener, known.revision() - 1));
            assertTrue(refusal.getMessage().contains("(expected: from " + known.revision()), refusal.getMessage());
            assertThrows(RevisionOutOfRangeException.class, () -> next.view().subscribe(listener, 1_000_000));
        }
    }

    @Test
    @Promise(11)
    void afterCloseNoThreadLives() {
        RecordingThreadFactory threads = new RecordingThreadFactory();
        EtcdStateStore store = TestEtcd.following(
                EtcdStateStore.builder(etcd()).threads(threads).build());
        EtcdStateReader reader = EtcdStateReader.of(etcd(), new ChangeJournal(), InstantSource.system(), threads);
        reader.start();
        reader.view().subscribe(ChangeListener.builder().onBatch(batch -> {}).build());
        await(() -> reader.view().isReady());
        assertFalse(threads.living().isEmpty());

        store.close();
        store.close();
        reader.close();
        reader.close();

        assertEquals(List.of(), threads.living());
        assertThrows(NotReadyException.class, reader.view()::snapshot);
        assertThrows(IllegalStateException.class, () -> store.apply(List.of(SampleChanges.event(1))));
        assertThrows(IllegalStateException.class, reader::start);
    }

    @Test
    @Promise(10)
    void theLoopsTellWhyNothingCanBeHad() throws Exception {
        try (TcpProxy nowhere = TcpProxy.to(1);
                EtcdStateReader reader =
                        EtcdStateReader.of(Etcd.at(nowhere.endpoint().toString()))) {
            reader.start();
            await(() -> reader.loops().get(0).state() == LoopStatus.State.FAILING);
            String why = reader.loops().get(0).lastFailure().orElseThrow();
            assertTrue(why.contains(nowhere.endpoint().toString()), why);
            TimeoutException late =
                    assertThrows(TimeoutException.class, () -> reader.view().awaitReady(BRIEF));
            assertTrue(late.getMessage().contains("the state to be loaded from etcd"), late.getMessage());
        }
    }

    private Etcd etcd() {
        return Etcd.at(server.endpoint().toString()).namespace(scene.namespace());
    }

    private StoreLink link() {
        return scene.view().freshness().link();
    }

    private void compact() throws Exception {
        try (Client client = client()) {
            long revision =
                    client.getKVClient().get(key("any")).get().getHeader().getRevision();
            client.getKVClient().compact(revision).get();
        }
    }

    private void putByHand(String id, String value) throws Exception {
        try (Client client = client()) {
            client.getKVClient()
                    .put(
                            new Keys(scene.namespace())
                                    .entity(
                                            EntityKind.TASK,
                                            Entities.clusterArn(SampleChanges.CLUSTER),
                                            Entities.taskArn(SampleChanges.CLUSTER, id)),
                            key(value))
                    .get();
        }
    }

    private Client client() {
        return Client.builder().endpoints(server.endpoint()).build();
    }

    private static ByteSequence key(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static long version(Snapshot snapshot, String id) {
        return snapshot.observed(EntityKind.TASK, Entities.taskArn(SampleChanges.CLUSTER, id))
                .map(Observed::version)
                .orElse(0L);
    }
}
