package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.ByteSequence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An etcd restored from a backup to a lower revision, in which others write as much as was lost before a replica looks
 * again. Nothing but these writes counts a revision, so that revisions and numbers of writes agree in both pasts. The
 * test itself steps the replica, which so notices nothing meanwhile.
 */
class ReplacedPastTest {

    private static final Heartbeat NO_HEARTBEAT = () -> {};
    private static final Duration BRIEF = Duration.ofMillis(500);
    /** For a call whose first attempt counts. */
    private static final Duration LONGER = Duration.ofSeconds(5);

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final String namespace = TestEtcd.newNamespace();

    @TempDir
    private Path folder;

    private EtcdServer server;
    private Etcd etcd;
    private FollowedReplica followed;

    /** In the backup: task a. Written and followed since: tasks b and c. */
    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch();
        etcd = Etcd.at(server.endpoint().toString()).namespace(namespace).timeout(Duration.ofSeconds(5));
        write("a");
        server.kill();
        server.backup(folder.resolve("backup"));
        server.start();
        server.awaitUp();
        write("b", "c");
        followed = new FollowedReplica(
                etcd, new ChangeJournal(), EtcdStateStore.builder(etcd).environment(), Duration.ofSeconds(8), false);
        stepUntil(() -> followed.link().isLive());
        assertEquals(List.of("a", "b", "c"), tasks());
    }

    private void restore() throws Exception {
        server.kill();
        server.restore(folder.resolve("backup"));
        server.start();
        server.awaitUp();
    }

    @AfterEach
    void close() {
        followed.follower().close();
        followed.etcd().close();
        server.close();
    }

    @Test
    @Promise(9)
    void theLastWriteOfTheBackupIsNotThePresent() throws Exception {
        restore();

        assertIsNotCurrent();

        write("x", "y", "z");
        stepUntil(() -> tasks().contains("z"));
        long revision = followed.currentRevision(LIMIT);
        assertEquals(revision, followed.replica().journal().snapshot().revision());
        assertEquals(List.of("a", "x", "y", "z"), tasks());
    }

    @Test
    @Promise(9)
    void theLastOfAsManyOtherWritesIsNotThePresent() throws Exception {
        Head shown = followed.replica().head();
        restore();
        Head last = write("x", "y");

        assertIsNotCurrent();

        assertEquals(shown.revision(), last.revision());
        assertEquals(shown.writes(), last.writes());
        assertNotEquals(shown.name(), last.name());
    }

    /** As a replica does that still takes in what it received before the restore. */
    @Test
    @Promise(9)
    void aReplicaThatGoesOnInTheLostPastIsNotCurrent() throws Exception {
        restore();
        write("x", "y", "z");
        await(this::isConnected);
        CompletableFuture<String> refusal = CompletableFuture.supplyAsync(() -> refusal(LONGER));
        Head shown = followed.replica().head();
        for (int i = 1; i <= 2; i++) {
            followed.replica()
                    .follow(List.of(new KeyUpdate(
                            etcd.keys().head(), new byte[0], shown.revision() + i, 1, shown.writes() + i)));
        }

        String message = refusal.join();

        assertTrue(message.contains("its past was replaced"), message);
    }

    /** The next write has the number that the watch expects. */
    @Test
    @Promise(9)
    void aWatchThatGoesOnInAnotherPastIsNotFollowed() throws Exception {
        long loads = followed.follower().loads();
        Head shown = followed.replica().head();
        restore();
        Head last = write("x", "y", "z");
        assertEquals(shown.revision() + 1, last.revision());
        assertEquals(shown.writes() + 1, last.writes());

        stepUntil(() -> tasks().contains("z"));

        assertEquals(List.of("a", "x", "y", "z"), tasks());
        assertEquals(loads + 1, followed.follower().loads());
    }

    @Test
    void aWriteAfterTheAnswerDoesNotMakeAReplicaOfTheSamePastWait() throws Exception {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write("d", "e", "f", "g", "h"));
        while (!writing.isDone()) {
            CompletableFuture<Long> current = CompletableFuture.supplyAsync(this::currentRevision);
            stepUntil(current::isDone);
            assertTrue(current.join() > 0);
        }
        writing.join();
        assertEquals(1, followed.follower().loads());
    }

    private void assertIsNotCurrent() {
        await(() -> refusal(BRIEF).contains("its past was replaced")); // a client that connects anew may fail at first
    }

    /** Whether the replica's own client has connected anew, whose calls fail at once until then. */
    private boolean isConnected() {
        try {
            lastIn(followed.etcd());
            return true;
        } catch (EtcdFailure e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Head lastIn(EtcdNamespace etcd) throws InterruptedException {
        KeyRange head = KeyRange.of(etcd.keys().head());
        return Head.in(etcd.reads().call("the head", client -> client.read(head, ReadClient.PRESENT, 1)));
    }

    private String refusal(Duration limit) {
        return assertThrows(TimeoutException.class, () -> followed.currentRevision(limit))
                .getMessage();
    }

    private long currentRevision() {
        try {
            return followed.currentRevision(LIMIT);
        } catch (TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void stepUntil(BooleanSupplier condition) {
        await(() -> {
            step();
            return condition.getAsBoolean();
        });
    }

    private void step() {
        try {
            followed.follower().step(NO_HEARTBEAT);
        } catch (EtcdFailure e) {
            // the next step connects anew
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a task by each of some transactions; returns the last write. */
    private Head write(String... ids) {
        try (EtcdNamespace direct = etcd.connect()) {
            Transactions transactions = new Transactions(direct);
            for (String id : ids) {
                Observed<?> task = SampleChanges.event(id, 1).observed();
                ByteSequence key = etcd.keys().entity(task.kind(), task.clusterArn(), task.arn());
                ByteSequence value = ByteSequence.from(ValueFormat.write(task));
                transactions.commit(List.of(), List.of(Transactions.put(key, value)));
            }
            return lastIn(direct);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> tasks() {
        return followed.replica().journal().snapshot().tasks().stream()
                .map(task -> task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1))
                .sorted()
                .toList();
    }
}
