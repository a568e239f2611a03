package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.Observed;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup of etcd that is restored while a reader and a mirror's store are cut off, and whose revision passes theirs
 * before they return, as with {@code etcdutl snapshot restore --bump-revision}.
 */
class RestoreTest {

    private static final int BUMP = 100;

    private final String namespace = TestEtcd.newNamespace();

    @TempDir
    private Path folder;

    private EtcdServer server;
    private TcpProxy proxy;
    private EtcdStateReader reader;
    private EtcdStateStore mirror;
    private final Rebuilt map = new Rebuilt();

    /** In the backup: tasks a and b. After it: a in a later version, b removed, c added; reader and mirror saw that. */
    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch();
        proxy = TcpProxy.to(server.clientPort());
        try (EtcdStateStore before = TestEtcd.leading(store(server.endpoint().toString()))) {
            before.apply(List.of(SampleChanges.event("a", 1), SampleChanges.event("b", 1)));
            Coordination coordination = before.coordination().orElseThrow();
            coordination.confirm(new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()), coordination.term());
        }
        server.kill();
        server.backup(folder.resolve("backup"));
        startServer();
        try (EtcdStateStore after = TestEtcd.leading(store(server.endpoint().toString()))) {
            reader = EtcdStateReader.of(Etcd.at(proxy.endpoint().toString()).namespace(namespace));
            reader.view().subscribe(ChangeListener.builder().onBatch(map::enter).build());
            reader.start();
            mirror = TestEtcd.following(store(proxy.endpoint().toString()));
            after.apply(List.of(SampleChanges.event("c", 1)));
            after.apply(List.of(
                    SampleChanges.missing(TASK, arn("b"), 1, Instant.now().getEpochSecond())));
            after.apply(List.of(SampleChanges.event("a", 7)));
            await(() -> reader.replica().upTo() >= after.replica().upTo()
                    && mirror.replica().upTo() >= after.replica().upTo());
        }
        proxy.refuse(true);
        server.kill();
        server.restore(folder.resolve("backup"));
        startServer();
    }

    private void startServer() throws Exception {
        server.start();
        server.awaitUp();
    }

    @AfterEach
    void close() {
        reader.close();
        mirror.close();
        proxy.close();
        server.close();
    }

    @Test
    @Promise(9)
    void theReaderShowsWhatTheBackupHoldsAndItsListenersReceiveThatAsAReset() throws Exception {
        bumpRevision();

        proxy.refuse(false);

        await(() -> versionIn(reader, "a") == 1);
        assertEquals(List.of("a", "b"), tasksOf(reader));
        await(() -> map.revision() == reader.view().snapshot().revision());
        map.assertIs(reader.view().snapshot());
        await(() -> reader.problems().isEmpty());
    }

    @Test
    @Promise(9)
    void aRestoreShowsEvenIfMoreWasWrittenSinceThanBefore() throws Exception {
        bumpRevision();
        try (EtcdStateStore next = TestEtcd.leading(store(server.endpoint().toString()))) {
            for (int i = 1; i <= BUMP; i++) {
                next.apply(List.of(SampleChanges.event("next", i)));
            }
            assertTrue(next.replica().head().writes() > reader.replica().head().writes());
            bumpRevision(); // and compacts

            proxy.refuse(false);

            await(() -> reader.replica().upTo() >= next.replica().upTo());
            assertEquals(
                    Scene.valuesOf(next.snapshot()),
                    Scene.valuesOf(reader.view().snapshot()));
            assertEquals(List.of("a", "b", "next"), tasksOf(reader));
        }
    }

    @Test
    @Promise(12)
    void aMirrorWritesAgainWhatTheBackupLacks() throws Exception {
        bumpRevision();
        proxy.refuse(false);
        await(() -> mirror.coordination().orElseThrow().term() != 0);

        Outcome outcome =
                mirror.apply(List.of(SampleChanges.event("a", 7))).get(0).outcome();

        assertEquals(Outcome.UPDATED, outcome);
        await(() -> versionIn(reader, "a") == 7);
    }

    /** Writes elsewhere until etcd's revision is beyond all that was seen, and compacts what was before. */
    private void bumpRevision() {
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            long revision = 0;
            for (int i = 0; i < BUMP; i++) {
                revision = client.getKVClient()
                        .put(bytes("elsewhere"), bytes("" + i))
                        .join()
                        .getHeader()
                        .getRevision();
            }
            client.getKVClient().compact(revision).join();
        }
    }

    private EtcdStateStore store(String endpoint) {
        return EtcdStateStore.builder(Etcd.at(endpoint).namespace(namespace))
                .leaderLease(Duration.ofSeconds(5))
                .build();
    }

    private static List<String> tasksOf(EtcdStateReader of) {
        return of.view().snapshot().tasks().stream()
                .map(task -> task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1))
                .sorted()
                .toList();
    }

    private static long versionIn(EtcdStateReader of, String id) {
        return of.view()
                .snapshot()
                .observed(TASK, arn(id))
                .map(Observed::version)
                .orElse(0L);
    }

    private static String arn(String id) {
        return Entities.taskArn(SampleChanges.CLUSTER, id);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
