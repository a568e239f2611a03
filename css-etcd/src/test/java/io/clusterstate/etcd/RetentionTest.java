package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The end of ended tasks and of tombstones in etcd, by the hand of the leader alone. */
class RetentionTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private final TestClock clock = new TestClock();
    private final Etcd etcd = TestEtcd.shared();
    private final EtcdStateStore store = TestEtcd.leading(store());
    private final EtcdStateStore follower = TestEtcd.following(store());

    private EtcdStateStore store() {
        return EtcdStateStore.builder(etcd)
                .clock(clock)
                .keepEnded(KEPT)
                .keepTombstones(REMEMBERED)
                .build();
    }

    @AfterEach
    void closeStores() {
        follower.close();
        store.close();
    }

    @Test
    void onlyTheLeaderIsOnALease() throws Exception {
        apply(running("lives", 1), stopped("ended", 1), running("gone", 1));
        apply(missing("gone", 1));

        List<String> leased = pairs().stream()
                .filter(pair -> pair.getLease() != 0)
                .map(pair -> pair.getKey().toString())
                .toList();

        assertEquals(List.of(etcd.keys().leader().toString()), leased);
    }

    @Test
    @Promise(3)
    void anEndedTaskBecomesATombstoneAndThenNothing() throws Exception {
        apply(stopped("ended", 7), running("lives", 1));
        clock.turn(KEPT.plusSeconds(1));

        assertEquals(
                List.of(Outcome.REMOVED),
                store.expire().stream().map(Applied::outcome).toList());

        assertTrue(isTombstone("ended"));
        long tombstone = pair("ended").orElseThrow().getModRevision();
        clock.turn(REMEMBERED.minusSeconds(1));
        store.expire();
        assertTrue(isTombstone("ended"), "it may not be forgotten yet");
        clock.turn(Duration.ofSeconds(2));

        assertEquals(List.of(), store.expire());

        assertEquals(Optional.empty(), pair("ended"));
        assertTrue(pair("lives").isPresent());
        assertEquals(Entry.NONE, store.replica().entry(arn("ended")));
        await(() -> follower.replica().entry(arn("ended")).equals(Entry.NONE));
        assertEquals(tombstone, store.replica().marks().forgotten());
    }

    @Test
    void aFollowerEndsNothing() throws Exception {
        apply(stopped("ended", 1), running("gone", 1));
        apply(missing("gone", 1));
        clock.turn(KEPT.plus(REMEMBERED).multipliedBy(2));

        assertEquals(List.of(), follower.expire());

        assertFalse(isTombstone("ended"));
        assertTrue(isTombstone("gone"));
    }

    @Test
    @Promise({1, 3})
    void aTombstoneThatAnotherProcessHasReplacedMeanwhileStays() throws Exception {
        apply(running("back", 1));
        apply(missing("back", 1));
        clock.turn(REMEMBERED.plusSeconds(1));
        List<Entry> old = store.replica().forgettableBy(clock.instant(), 10);
        assertEquals(1, old.size());
        follower.apply(List.of(running("back", 2)));
        EtcdNamespace namespace = store.etcd();
        LeaderWriter late = new LeaderWriter(namespace, behind(old), new Transactions(namespace), 10);

        late.forget(old, store.coordination().orElseThrow().term());

        assertFalse(isTombstone("back"));
        assertEquals(1, store.snapshot().tasks().count());
    }

    /** A replica that has not seen more than some entries. */
    private Replica behind(List<Entry> entries) throws Exception {
        Replica behind = new Replica(etcd.keys(), new ChangeJournal(), true);
        List<KeyUpdate> updates = new ArrayList<>();
        for (Entry each : entries) {
            Removal<?> gone = each.tombstone();
            updates.add(
                    new KeyUpdate(each.key(etcd.keys()), ValueFormat.write(gone, each.until()), each.revision(), 1, 1));
        }
        Replica.Load load = behind.loadAll(false);
        load.add(updates);
        load.publish(Long.MAX_VALUE);
        return behind;
    }

    @Test
    void tombstonesAreDeletedInTurnUpToABoundAtOnce() throws Exception {
        int many = Retention.MAX_FORGOTTEN + 500;
        for (int from = 0; from < many; from += 500) {
            List<Change<?>> changes = new ArrayList<>();
            for (int i = from; i < from + 500; i++) {
                changes.add(missing("gone-" + i, 1));
            }
            store.apply(changes);
        }
        clock.turn(REMEMBERED.plusSeconds(1));

        store.expire();
        int left = entities();
        store.expire();

        assertEquals(500, left);
        assertEquals(0, entities());
    }

    @Test
    void aReaderRemembersNoTombstone() throws Exception {
        apply(running("gone", 1), running("lives", 1));
        try (EtcdStateReader reader = EtcdStateReader.of(etcd)) {
            reader.start();
            await(() -> reader.replica().isLoaded());
            apply(missing("gone", 1));
            await(() -> reader.replica().upTo() >= store.replica().upTo());

            assertEquals(Entry.NONE, reader.replica().entry(arn("gone")));
        }
        try (EtcdStateReader later = EtcdStateReader.of(etcd)) {
            later.start();
            await(() -> later.replica().isLoaded());

            assertEquals(Entry.NONE, later.replica().entry(arn("gone")));
            assertNotEquals(Entry.NONE, later.replica().entry(arn("lives")));
        }
    }

    private void apply(Change<?>... changes) {
        store.apply(List.of(changes));
    }

    private Change<Task> running(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, version));
    }

    private Change<Task> stopped(String id, long version) {
        Instant now = clock.instant();
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, changes -> changes.version(version)
                .lastStatus("STOPPED")
                .stoppedAt(now)));
    }

    private Change<Task> missing(String id, long version) {
        return new Removal<>(TASK, arn(id), CLUSTER, version, clock.instant(), Removal.Reason.MISSING);
    }

    private static String arn(String id) {
        return Entities.taskArn(CLUSTER, id);
    }

    private boolean isTombstone(String id) throws Exception {
        return pair(id).filter(pair -> ValueFormat.read(pair.getValue().getBytes(), 1) instanceof StoredValue.Tombstone)
                .isPresent();
    }

    private Optional<KeyValue> pair(String id) throws Exception {
        return TestEtcd.client()
                .getKVClient()
                .get(etcd.keys().entity(TASK, CLUSTER, arn(id)))
                .get(60, TimeUnit.SECONDS)
                .getKvs()
                .stream()
                .findFirst();
    }

    private int entities() throws Exception {
        return (int) pairs().stream()
                .filter(pair -> etcd.keys().kindOf(pair.getKey()) == Keys.Kind.ENTITY)
                .count();
    }

    private List<KeyValue> pairs() throws Exception {
        GetOption all = GetOption.builder().withRange(etcd.keys().end()).build();
        return TestEtcd.client()
                .getKVClient()
                .get(etcd.keys().all(), all)
                .get(60, TimeUnit.SECONDS)
                .getKvs();
    }
}
