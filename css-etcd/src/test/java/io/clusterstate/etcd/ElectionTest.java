package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import io.etcd.jetcd.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One of several leads, and what a former leader still has on its way has no effect. */
class ElectionTest {

    private static final Duration LEASE = Duration.ofSeconds(2);
    /** Its renewals are in time on a machine that halts a thread for seconds. */
    private static final Duration LENIENT_LEASE = Duration.ofSeconds(8);

    private static EtcdServer server;

    private final String namespace = TestEtcd.newNamespace();
    private final TcpProxy proxy = TcpProxy.to(server.clientPort());
    private final List<EtcdStateStore> stores = new ArrayList<>();

    @BeforeAll
    static void launch() throws Exception {
        server = EtcdServer.launch();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @AfterEach
    void close() {
        stores.forEach(EtcdStateStore::close);
        proxy.close();
    }

    @Test
    void justOneLeadsAndWhenItClosesAnotherDoesAtOnce() {
        EtcdStateStore first = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        EtcdStateStore second = TestEtcd.following(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        EtcdStateStore third = TestEtcd.following(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        assertEquals(0, coordination(second).term());
        assertEquals(0, coordination(third).term());
        long term = coordination(first).term();

        first.close();

        await(() -> coordination(second).term() > term || coordination(third).term() > term);
        assertTrue(coordination(second).term() == 0 || coordination(third).term() == 0);
    }

    @Test
    void aLeaderKeepsItsTermForLongerThanItsLease() {
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), LENIENT_LEASE));
        long term = coordination(leader).term();
        long until = System.nanoTime() + LENIENT_LEASE.multipliedBy(2).toNanos();

        await(() -> System.nanoTime() > until || coordination(leader).term() != term);

        assertEquals(term, coordination(leader).term());
    }

    @Test
    void aLeaderThatIsCutOffLeadsNoMoreBeforeAnotherDoes() {
        EtcdStateStore cutOff = TestEtcd.leading(store(proxy.endpoint().toString(), LEASE));
        EtcdStateStore other = TestEtcd.following(store(server.endpoint().toString(), LEASE));
        proxy.silence(true);

        await(() -> {
            long theirs = coordination(other).term();
            long its = coordination(cutOff).term();
            assertTrue(theirs == 0 || its == 0, "two lead at once");
            return theirs != 0;
        });

        proxy.silence(false);
        await(() -> coordination(cutOff).link().isLive());
        assertEquals(0, coordination(cutOff).term());
    }

    @Test
    @Promise({6, 8})
    void whatAFormerLeaderConcludesHasNoEffect() {
        EtcdStateStore former = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        former.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
        long term = coordination(former).term();
        EtcdNamespace etcd = former.etcd();
        Transactions transactions = new Transactions(etcd);
        Writer stillBelieves = new Writer(
                etcd,
                former.replica(),
                transactions,
                () -> term,
                new WriteLimits(LEASE, LEASE, 10, 10_000),
                EtcdStateStore.builder(TestEtcd.shared()).environment());
        LeaderWriter stillConfirms = new LeaderWriter(etcd, former.replica(), transactions, 10);
        EtcdStateStore other = TestEtcd.following(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        revoke();
        await(() -> coordination(former).term() > term || coordination(other).term() > term);
        EtcdStateStore leader = coordination(former).term() > 0 ? former : other;
        EtcdStateStore follower = leader == former ? other : former;

        assertThrows(
                StateStoreException.class,
                () -> stillBelieves.apply(List.of(SampleChanges.missing(EntityKind.TASK, arn("a"), 1, 10))));
        assertThrows(
                StateStoreException.class,
                () -> stillConfirms.confirm(
                        new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()), term, () -> term));
        assertThrows(StateStoreException.class, () -> coordination(follower)
                .confirm(new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()), 0));
        StateStoreException refusal = assertThrows(
                StateStoreException.class,
                () -> follower.apply(List.of(SampleChanges.missing(EntityKind.TASK, arn("a"), 1, 10))));

        assertTrue(refusal.getMessage().contains("another process leads (expected: to lead)"), refusal.getMessage());
        assertEquals(2, leader.snapshot().tasks().count());
        assertEquals(Confirmation.NONE, coordination(leader).confirmation());
        leader.apply(List.of(SampleChanges.missing(EntityKind.TASK, arn("a"), 1, 10)));
        assertEquals(1, leader.snapshot().tasks().count());
    }

    @Test
    @Promise(4)
    void aLeaderThatHasBrokenOffResignsAndAFreshMirrorLeads() {
        EtcdStateStore broken = TestEtcd.leading(store(server.endpoint().toString(), LEASE));
        coordination(broken)
                .confirm(
                        new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()),
                        coordination(broken).term());

        deleteList();

        await(() -> coordination(broken).problem().isPresent());
        EtcdStateStore fresh = TestEtcd.leading(store(server.endpoint().toString(), LEASE));
        assertEquals(0, coordination(broken).term());
        assertTrue(coordination(broken).problem().orElseThrow().contains("emptied by another hand"));
        fresh.close();
        await(() -> fresh.replica().marks().leader() != 0
                || broken.replica().marks().leader() != 0
                || leaderInEtcd().isEmpty());
        assertEquals(Optional.empty(), leaderInEtcd(), "what has broken off does not stand again");
    }

    @Test
    void whoResignsHesitatesForTheTimeOfALeaseAndThenStandsAgainIfNobodyElseDoes() {
        EtcdStateStore only = TestEtcd.leading(store(server.endpoint().toString(), LEASE));
        long term = coordination(only).term();
        long from = System.nanoTime();

        coordination(only).resign(term, "ecs: does not answer");

        assertEquals(0, coordination(only).term(), "at once");
        await(() -> coordination(only).term() != 0);
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(LEASE) >= 0, () -> "took " + took);
        assertTrue(coordination(only).term() > term);
        long next = coordination(only).term();
        coordination(only).resign(term, "late");
        assertEquals(next, coordination(only).term(), "a resignation from an earlier term");
        coordination(only).resign(next, "ecs: does still not answer");
        long again = System.nanoTime();
        await(() -> coordination(only).term() != 0);
        Duration tookLonger = Duration.ofNanos(System.nanoTime() - again);
        assertTrue(tookLonger.compareTo(LEASE.multipliedBy(2)) >= 0, () -> "took " + tookLonger);
    }

    @Test
    void whoHasResignedLetsOthersLeadAtEachVacancyUntilItHasUsedALead() {
        EtcdStateStore hesitant = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofSeconds(20)));
        EtcdStateStore other = TestEtcd.following(store(server.endpoint().toString(), Duration.ofSeconds(20)));
        coordination(hesitant).resign(coordination(hesitant).term(), "ecs: does not answer");
        await(() -> coordination(other).term() != 0);

        revoke();

        long term = coordination(other).term();
        await(() -> coordination(other).term() > term);
        assertEquals(0, coordination(hesitant).term());
    }

    @Test
    void eachProcessKnowsTheNameOfTheLeaderAndWhenItWasHeardOf() {
        Instant begun = Instant.now();
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), LEASE));
        EtcdStateStore follower = TestEtcd.following(store(server.endpoint().toString(), LEASE));
        Coordination.Leader seen = coordination(follower).leader().orElseThrow();

        coordination(leader)
                .confirm(
                        new Confirmation(true, Optional.of(begun), Map.of()),
                        coordination(leader).term());

        await(() -> coordination(follower).leader().orElseThrow().heardOfAt().isAfter(seen.heardOfAt()));
        assertTrue(!seen.heardOfAt().isBefore(begun));
        assertTrue(seen.name().contains("-" + ProcessHandle.current().pid() + "-"), seen.name());
    }

    @Test
    @Promise(8)
    void theFirstLeaderSetsTheOwnerForGood() {
        EtcdStateStore first = TestEtcd.leading(store(server.endpoint().toString(), LEASE));
        assertEquals(Optional.empty(), coordination(first).owner());
        StateStoreException refusal = assertThrows(
                StateStoreException.class, () -> coordination(first).registerOwner("arn:aws:ecs:eu-west-1:1:", 0));
        assertTrue(refusal.getMessage().contains("another process leads"), refusal.getMessage());
        assertEquals(Optional.empty(), coordination(first).owner());

        assertEquals("arn:aws:ecs:eu-west-1:1:", registerOwner(first, "arn:aws:ecs:eu-west-1:1:"));
        first.close();
        EtcdStateStore second = TestEtcd.leading(store(server.endpoint().toString(), LEASE));

        assertEquals(
                Optional.of("arn:aws:ecs:eu-west-1:1:"), coordination(second).owner());
        assertEquals("arn:aws:ecs:eu-west-1:1:", registerOwner(second, "arn:aws:ecs:eu-west-1:2:"));
    }

    @Test
    @Promise(6)
    void aConfirmationThatEtcdCarriesOutLateBringsBackNothing() throws Exception {
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        long term = coordination(leader).term();
        Confirmation last = new Confirmation(true, Optional.of(Instant.EPOCH.plusSeconds(60)), Map.of());
        Etcd brief = Etcd.at(server.endpoint().toString()).namespace(namespace).timeout(Duration.ofMillis(200));
        try (EtcdNamespace etcd = brief.connect()) {
            LeaderWriter late = new LeaderWriter(etcd, frozen(leader, term), new Transactions(etcd), 10);
            coordination(leader).confirm(last, term);

            assertThrows(
                    StateStoreException.class,
                    () -> late.confirm(
                            new Confirmation(false, Optional.of(Instant.EPOCH), Map.of()), term, () -> term));
        }

        long now = leader.replica().head().writes();
        leader.apply(List.of(SampleChanges.event("next", 1)));
        assertEquals(now + 1, leader.replica().head().writes(), "nothing else was written");
        assertEquals(last, coordination(leader).confirmation());
    }

    @Test
    @Promise(6)
    void aConfirmationOfAClusterThatEtcdCarriesOutAfterItsDeletionBringsBackNothing() throws Exception {
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        long term = coordination(leader).term();
        Optional<Instant> list = Optional.of(Instant.EPOCH);
        Map<String, Instant> clusters = Map.of(Entities.clusterArn("deleted"), Instant.EPOCH);
        Etcd brief = Etcd.at(server.endpoint().toString()).namespace(namespace).timeout(Duration.ofMillis(200));
        coordination(leader).confirm(new Confirmation(true, list, Map.of()), term);
        try (EtcdNamespace etcd = brief.connect()) {
            Replica before = frozen(leader, leader.replica().upTo());
            LeaderWriter late = new LeaderWriter(etcd, before, new Transactions(etcd), 10);
            coordination(leader).confirm(new Confirmation(true, list, clusters), term);
            coordination(leader).confirm(new Confirmation(true, list, Map.of()), term);

            assertThrows(
                    StateStoreException.class,
                    () -> late.confirm(new Confirmation(false, Optional.empty(), clusters), term, () -> term));
        }

        leader.apply(List.of(SampleChanges.event("next", 1)));
        assertEquals(
                new Confirmation(true, list, Map.of()), coordination(leader).confirmation());
    }

    /** Between the look at the last write and the confirmation, another process writes each time. */
    @Test
    @Promise(6)
    void aConfirmationSucceedsWhileOthersWriteAllTheTime() throws Exception {
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        long term = coordination(leader).term();
        Map<String, Instant> clusters = Map.of(Entities.clusterArn("busy"), Instant.EPOCH);
        Confirmation next = new Confirmation(true, Optional.of(Instant.EPOCH), clusters);
        Transactions others = new Transactions(leader.etcd());
        LeaderWriter confirming = new LeaderWriter(leader.etcd(), leader.replica(), others, 10);

        confirming.confirm(next, term, () -> {
            write(others);
            return term;
        });

        assertEquals(next, coordination(leader).confirmation());
    }

    private static void write(Transactions transactions) {
        try {
            transactions.commit(List.of(), List.of());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As after a restore that this process has noticed, while etcd still has the leader's key. */
    @Test
    @Promise(6)
    void theRestOfAConfirmationIsNotWrittenOnceTheTermIsOverHere() {
        EtcdStateStore leader = TestEtcd.leading(store(server.endpoint().toString(), Duration.ofMinutes(5)));
        long term = coordination(leader).term();
        Map<String, Instant> clusters = Map.of(Entities.clusterArn("first"), Instant.EPOCH);
        AtomicInteger asked = new AtomicInteger();
        LeaderWriter oneByOne = new LeaderWriter(leader.etcd(), leader.replica(), new Transactions(leader.etcd()), 1);

        assertThrows(
                StateStoreException.class,
                () -> oneByOne.confirm(
                        new Confirmation(true, Optional.of(Instant.EPOCH), clusters),
                        term,
                        () -> asked.incrementAndGet() == 1 ? term : 0));

        assertEquals(
                new Confirmation(false, Optional.empty(), clusters),
                coordination(leader).confirmation());
    }

    /** The time stands still, but for the test. */
    @Test
    void aConfirmationThatSucceedsAfterTheResignationDoesNotEndTheHesitation() throws Exception {
        TestTime time = new TestTime();
        Environment environment = new Environment(time, time, Environment::daemon, new Random(1));
        FollowedReplica followed = new FollowedReplica(
                Etcd.at(server.endpoint().toString()).namespace(namespace),
                new ChangeJournal(),
                environment,
                LEASE,
                true);
        Election election = new Election(
                followed.etcd(),
                new LeaderOfState(followed.etcd().keys(), followed.replica()),
                time,
                LEASE,
                "the test",
                Optional::empty);
        followed.start();
        try {
            await(() -> followed.replica().isLoaded());
            election.step(() -> {});
            long term = election.term();
            assertTrue(term > 0);
            election.resign(term, "ecs: does not answer");

            election.confirmed(term);

            election.step(() -> {});
            await(() -> followed.replica().marks().leader() == 0);
            election.step(() -> {});
            assertEquals(0, election.term());
            time.advance(LEASE);
            election.step(() -> {});
            assertTrue(election.term() > term);
        } finally {
            followed.stop();
            followed.awaitEnd(Duration.ofMinutes(1));
            election.close();
            followed.etcd().close();
        }
    }

    /** A replica at a revision, which shows nothing that is written later. */
    private static Replica frozen(EtcdStateStore store, long revision) throws Exception {
        Replica frozen = new Replica(store.etcd().keys(), new ChangeJournal(), true);
        frozen.loadAll(false).publish(revision);
        return frozen;
    }

    private static String registerOwner(EtcdStateStore store, String home) {
        return coordination(store).registerOwner(home, coordination(store).term());
    }

    private void deleteList() {
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            client.getKVClient().delete(new Keys(namespace).list()).join();
        }
    }

    private Optional<String> leaderInEtcd() {
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            return client.getKVClient().get(new Keys(namespace).leader()).join().getKvs().stream()
                    .map(pair -> pair.getValue().toString())
                    .findFirst();
        }
    }

    /** Takes the lead from whoever has it, as etcd does when it does not hear of it; anyone may have it next. */
    private void revoke() {
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            long lease = client.getKVClient()
                    .get(new Keys(namespace).leader())
                    .join()
                    .getKvs()
                    .get(0)
                    .getLease();
            client.getLeaseClient().revoke(lease).join();
        }
    }

    private EtcdStateStore store(String endpoint, Duration lease) {
        EtcdStateStore store = EtcdStateStore.builder(Etcd.at(endpoint).namespace(namespace))
                .leaderLease(lease)
                .build();
        stores.add(store);
        return store;
    }

    private static Coordination coordination(EtcdStateStore store) {
        return store.coordination().orElseThrow();
    }

    private static String arn(String id) {
        return Entities.taskArn(SampleChanges.CLUSTER, id);
    }
}
