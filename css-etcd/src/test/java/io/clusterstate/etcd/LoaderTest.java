package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.ByteSequence;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The requests of a reader's loads, on a real etcd that may fail to answer some of them. */
class LoaderTest {

    private static final Heartbeat NO_HEARTBEAT = () -> {};
    private static final Duration TIMEOUT = Duration.ofSeconds(6);
    private static final int PAGE = 2_000;
    private static final int PUTS_ELSEWHERE = 10;

    private final Etcd etcd = TestEtcd.byAddress();
    private final EtcdStateStore leader = TestEtcd.leading(EtcdStateStore.of(etcd));
    private final EtcdNamespace real = etcd.connect();
    private final Troubled client = new Troubled(real.reads().client());
    private final EtcdNamespace troubled =
            EtcdNamespace.of(real.connection(), EtcdConnection.through(client, "etcd", TIMEOUT), etcd.keys());
    private final Replica replica = new Replica(etcd.keys(), new ChangeJournal(), false);
    private final Loader loader = new Loader(troubled, replica);

    @AfterEach
    void close() {
        real.close();
        leader.close();
    }

    @Test
    void aPageWithoutAnAnswerIsAskedForAgain() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        client.silentOnce = asked -> asked.most() == PAGE;

        load();

        assertEquals(1, replica.journal().snapshot().tasks().count());
    }

    /** As a page that a slow network does not carry in time. */
    @Test
    void afterAPageThatNeverArrivesTheNextLoadHasSmallerPages() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        client.silent = asked -> asked.most() == PAGE;
        assertThrows(EtcdFailure.class, this::load);

        load();

        assertEquals(1, replica.journal().snapshot().tasks().count());
    }

    /** etcd reads all keys of a range before it selects those that were written since a revision. */
    @Test
    void eachRangeOfALoadOfTheChangesHasAboutAPageOfKeysWithTheTombstones() throws Exception {
        int tombstones = 3 * PAGE;
        writeTombstones(tombstones / 2);
        leader.apply(List.of(SampleChanges.event("a", 1)));
        load();
        writeTombstones(tombstones / 2);
        follow();
        leader.apply(List.of(SampleChanges.event("a", 2)));

        client.asked.clear();
        load();

        List<KeyRange> ranges = rangesOfChanges();
        assertTrue(ranges.size() > 1, ranges::toString);
        for (KeyRange each : ranges) {
            int keys = keysIn(each);
            assertTrue(keys < 2 * PAGE, () -> keys + " keys in " + each);
        }
        assertEquals(2, replica.entry(arn("a")).present().version());
    }

    @Test
    void theRestOfARangeWithMoreChangesThanAPageIsReadAsAWhole() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        load();
        writeTombstones(PAGE + PAGE / 2);

        client.asked.clear();
        load();

        assertEquals(1, rangesOfChanges().size());
        assertEquals(1, replica.journal().snapshot().tasks().count());
    }

    @Test
    void afterALoadOfTheChangesThatFailsEverythingIsLoaded() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        load();
        leader.apply(List.of(SampleChanges.event("a", 2)));
        client.failing = asked -> asked.range().since() > 0;
        assertThrows(EtcdFailure.class, this::load);
        client.asked.clear();

        load();

        assertEquals(List.of(), rangesOfChanges());
        assertEquals(2, replica.entry(arn("a")).present().version());
        client.failing = asked -> false;
        leader.apply(List.of(SampleChanges.event("a", 3)));
        load();
        assertEquals(1, rangesOfChanges().size(), "and then the changes again");
    }

    @Test
    void aLoadAfterARemovalReadsTheChangesAlone() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
        load();
        leader.apply(List.of(missing("b")));
        follow();
        leader.apply(List.of(SampleChanges.event("a", 2)));
        client.asked.clear();

        load();

        assertEquals(List.of(), wholeLoads());
        assertEquals(1, rangesOfChanges().size());
    }

    @Test
    @Promise(9)
    void aTombstoneThatAReaderCannotReadIsGoneOnceItIsDeleted() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
        load();
        leader.apply(List.of(missing("b")));
        Entry tombstone = leader.replica().entry(arn("b"));
        deliver(tombstone.key(etcd.keys()), new byte[0], tombstone.revision());
        assertEquals(1, replica.unreadable());
        leader.apply(List.of(SampleChanges.event("c", 1)));
        follow();
        long term = leader.coordination().orElseThrow().term();
        new LeaderWriter(real, leader.replica(), new Transactions(real), 10).forget(List.of(tombstone), term);

        load();

        assertEquals(Entry.NONE, replica.entry(arn("b")));
        assertEquals(0, replica.unreadable());
        assertEquals(2, replica.journal().snapshot().tasks().count());
    }

    /** As after a restore from a backup, with more writes since than were lost. */
    @Test
    @Promise(9)
    void aReplacedPastShowsByTheReplicasLastWrite() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
        load();
        deliver(etcd.keys().fence(), new byte[0], replica.upTo() + 1);
        writeUnseen();

        load();

        assertEquals(1, wholeLoads().size());
    }

    /** The same, after a compaction that hides which write etcd had at the replica's revision. */
    @Test
    @Promise(9)
    void aReplacedPastShowsIfOnlyARemovalWasLost() throws Exception {
        client.compacted = this::isPastHead;
        leader.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
        load();
        followALostRemoval("b");
        assertEquals(1, replica.journal().snapshot().tasks().count());
        writeUnseen();

        load();

        assertEquals(3, replica.journal().snapshot().tasks().count());
        client.asked.clear();
        leader.apply(List.of(SampleChanges.event("c", 3)));
        load();
        assertEquals(List.of(), wholeLoads(), "once");
    }

    /** Both pasts have written the entity at the same revision, with the same number of writes before. */
    @Test
    @Promise(9)
    void aReplacedPastShowsIfAnEntityHasAnotherValueAtTheSameRevision() throws Exception {
        client.compacted = this::isPastHead;
        leader.apply(List.of(SampleChanges.event("a", 1)));
        load();
        leader.apply(List.of(SampleChanges.event("a", 2)));
        Entry theirs = leader.replica().entry(arn("a"));
        deliver(
                theirs.key(etcd.keys()),
                ValueFormat.write(SampleChanges.event("a", 3).observed()),
                theirs.revision());
        leader.apply(List.of(SampleChanges.event("c", 1)));
        assertEquals(3, replica.entry(arn("a")).present().version());

        load();

        assertEquals(2, replica.entry(arn("a")).present().version());
    }

    private boolean isPastHead(Asked asked) {
        return asked.range().equals(KeyRange.of(etcd.keys().head())) && asked.revision() != ReadClient.PRESENT;
    }

    /** As if etcd was restored between the first page and the last. */
    @Test
    @Promise(9)
    void aLoadOfTwoPastsIsNotShown() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        client.otherHeadOnce = true;

        LostTrackException refusal = assertThrows(LostTrackException.class, this::load);

        assertEquals(LostTrackException.Kind.REPLACED, refusal.kind());
        assertEquals(0, replica.journal().snapshot().tasks().count());
        load();
        assertEquals(1, replica.journal().snapshot().tasks().count());
    }

    /** A past with more deletions of tombstones than there are in etcd. */
    @Test
    @Promise(9)
    void aReplacedPastShowsIfTheDeletionOfATombstoneWasLost() throws Exception {
        leader.apply(List.of(SampleChanges.event("a", 1)));
        load();
        long next = replica.upTo() + 1;
        deliver(etcd.keys().forgotten(), Long.toString(next).getBytes(StandardCharsets.UTF_8), next);
        writeUnseen();

        load();

        assertEquals(1, wholeLoads().size());
    }

    /** Writes to etcd without the replica, and forgets what the loader has read so far. */
    private void writeUnseen() throws Exception {
        putElsewhere();
        leader.apply(List.of(SampleChanges.event("c", 1)));
        leader.apply(List.of(SampleChanges.event("c", 2)));
        client.asked.clear();
    }

    private void load() throws InterruptedException, LostTrackException {
        loader.load(false, NO_HEARTBEAT);
    }

    /** Delivers to the replica what it would receive by its watch. */
    private void follow() throws Exception {
        try (Watch watch = Watch.open(real.reads().client(), KeyRange.all(etcd.keys()), replica.upTo() + 1)) {
            while (replica.upTo() < leader.replica().upTo()) {
                if (watch.poll(TIMEOUT.toMillis()) instanceof Watch.Message.Events events) {
                    replica.follow(events.updates());
                }
            }
        }
    }

    /** Delivers a removal to the replica that etcd does not have. */
    private void followALostRemoval(String id) throws LostTrackException {
        Removal<?> removal = missing(id);
        ByteSequence key = etcd.keys().entity(removal.kind(), removal.clusterArn(), removal.arn());
        deliver(key, ValueFormat.write(removal, Instant.now().plusSeconds(60)), replica.upTo() + 1);
    }

    /** Delivers a write of one key to the replica. */
    private void deliver(ByteSequence key, byte[] value, long revision) throws LostTrackException {
        long writes = replica.head().writes() + 1;
        replica.follow(List.of(
                new KeyUpdate(key, value, revision, 1, 2),
                new KeyUpdate(etcd.keys().head(), new byte[0], revision, 1, writes)));
    }

    /** Raises etcd's revision. */
    private static void putElsewhere() {
        ByteSequence elsewhere = ByteSequence.from("elsewhere", StandardCharsets.UTF_8);
        for (int i = 0; i < PUTS_ELSEWHERE; i++) {
            TestEtcd.client().getKVClient().put(elsewhere, elsewhere).join();
        }
    }

    private void writeTombstones(int count) {
        List<Change<?>> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(missing("gone-" + leader.replica().upTo() + "-" + i));
        }
        for (int from = 0; from < count; from += 500) {
            leader.apply(changes.subList(from, Math.min(count, from + 500)));
        }
    }

    private List<KeyRange> rangesOfChanges() {
        return client.asked.stream()
                .map(Asked::range)
                .filter(range -> range.since() > 0)
                .toList();
    }

    private List<KeyRange> wholeLoads() {
        return client.asked.stream()
                .map(Asked::range)
                .filter(KeyRange.all(etcd.keys())::equals)
                .toList();
    }

    private int keysIn(KeyRange range) throws InterruptedException {
        KeyRange all = new KeyRange(range.from(), range.to(), 0);
        return real.reads()
                .call("the keys", read -> read.read(all, ReadClient.PRESENT, ReadClient.ALL))
                .updates()
                .size();
    }

    private static Removal<?> missing(String id) {
        return SampleChanges.missing(TASK, arn(id), 1, Instant.now().getEpochSecond());
    }

    private static String arn(String id) {
        return Entities.taskArn(SampleChanges.CLUSTER, id);
    }

    private record Asked(KeyRange range, long revision, int most) {}

    /** A client that leaves some requests unanswered, fails others, and may answer one from another past. */
    private static final class Troubled implements ReadClient {

        private final ReadClient real;
        private final List<Asked> asked = new ArrayList<>();
        private Predicate<Asked> silentOnce = each -> false;
        private Predicate<Asked> silent = each -> false;
        private Predicate<Asked> failing = each -> false;
        private Predicate<Asked> compacted = each -> false;
        private boolean otherHeadOnce;

        Troubled(ReadClient real) {
            this.real = real;
        }

        @Override
        public CompletableFuture<Page> read(KeyRange range, long revision, int most) {
            Asked now = new Asked(range, revision, most);
            asked.add(now);
            if (silentOnce.test(now)) {
                silentOnce = each -> false;
                return new CompletableFuture<>();
            }
            if (silent.test(now)) {
                return new CompletableFuture<>();
            }
            if (compacted.test(now)) {
                return CompletableFuture.failedFuture(Status.OUT_OF_RANGE
                        .withDescription("etcdserver: mvcc: required revision has been compacted")
                        .asRuntimeException());
            }
            return failing.test(now)
                    ? CompletableFuture.failedFuture(Status.RESOURCE_EXHAUSTED.asRuntimeException())
                    : real.read(range, revision, most).thenApply(page -> most == PAGE ? page : inOtherPast(page));
        }

        /** Renames the head that the position of the load has. */
        private Page inOtherPast(Page page) {
            if (!otherHeadOnce) {
                return page;
            }
            otherHeadOnce = false;
            List<KeyUpdate> updates = page.updates().stream()
                    .map(each -> new KeyUpdate(
                            each.key(), new byte[] {'x'}, each.revision(), each.created(), each.version()))
                    .toList();
            return new Page(page.revision(), updates);
        }

        @Override
        public Runnable watch(KeyRange range, long revision, WatchListener listener) {
            return real.watch(range, revision, listener);
        }

        @Override
        public void close() {}
    }
}
