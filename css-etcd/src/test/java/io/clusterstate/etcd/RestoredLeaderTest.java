package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
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

/** A leader whose etcd comes back from a backup that was taken in its own term, before its lease is over. */
class RestoredLeaderTest {

    private static final Instant BEFORE = Instant.parse("2026-11-27T12:00:00Z");
    private static final Instant AFTER = BEFORE.plusSeconds(60);
    private static final int BUMP = 100;

    private final String namespace = TestEtcd.newNamespace();

    @TempDir
    private Path folder;

    private EtcdServer server;
    private TcpProxy proxy;
    private EtcdStateStore leader;
    private Coordination coordination;
    private long term;

    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch();
        proxy = TcpProxy.to(server.clientPort());
        leader = TestEtcd.leading(
                EtcdStateStore.builder(Etcd.at(proxy.endpoint().toString()).namespace(namespace))
                        .leaderLease(Duration.ofSeconds(60))
                        .build());
        coordination = leader.coordination().orElseThrow();
        term = coordination.term();
        leader.apply(List.of(SampleChanges.event("a", 1)));
        coordination.confirm(upTo(BEFORE), term);
        server.kill();
        server.backup(folder.resolve("backup"));
        server.start();
        server.awaitUp();
        await(() -> coordination.takesWrites());
        untilItSucceeds(() -> leader.apply(List.of(SampleChanges.event("a", 7))));
        assertEquals(term, coordination.term());
    }

    private static Confirmation upTo(Instant moment) {
        return new Confirmation(true, Optional.of(moment), Map.of(SampleChanges.CLUSTER, moment));
    }

    private static void untilItSucceeds(Runnable write) {
        await(() -> succeeds(write));
    }

    private static boolean succeeds(Runnable write) {
        try {
            write.run();
            return true;
        } catch (StateStoreException e) {
            return false;
        }
    }

    @AfterEach
    void close() {
        leader.close();
        proxy.close();
        server.close();
    }

    @Test
    @Promise(6)
    void confirmsNothingThatItFoundOutBeforeTheRestore() throws Exception {
        restore();
        proxy.refuse(false);

        await(() -> {
            assertEquals(false, succeeds(() -> coordination.confirm(upTo(AFTER), term)), "confirmed");
            return version() == 1;
        });

        assertThrows(StateStoreException.class, () -> coordination.confirm(upTo(AFTER), term));
        assertEquals(upTo(BEFORE), coordination.confirmation());
    }

    /** The leader is cut off, so that it notices nothing, and others write what counts like the lost writes. */
    @Test
    @Promise(6)
    void confirmsNothingThoughOthersHaveWrittenAsMuchAsWasLost() throws Exception {
        Replica replica = leader.replica();
        Head shown = replica.head();
        restoreUnnoticed();
        Etcd direct = Etcd.at(server.endpoint().toString()).namespace(namespace);
        try (EtcdNamespace etcd = direct.connect()) {
            Transactions others = new Transactions(etcd);
            Head last = lastIn(etcd);
            while (last.writes() < shown.writes()) {
                others.commit(List.of(), List.of());
                last = lastIn(etcd);
            }
            assertEquals(shown.writes(), last.writes());
            assertTrue(
                    last.revision() <= replica.upTo(),
                    () -> "etcd is at a revision that was not seen: " + replica.upTo());
            LeaderWriter unnoticed = new LeaderWriter(etcd, replica, others, 128);

            StateStoreException refusal =
                    assertThrows(StateStoreException.class, () -> unnoticed.confirm(upTo(AFTER), term, () -> term));

            assertTrue(refusal.getMessage().contains("is over (expected: to lead)"), refusal.getMessage());
            assertEquals("loaded " + BEFORE, listIn(etcd));
        }
    }

    private static Head lastIn(EtcdNamespace etcd) throws InterruptedException {
        return Head.in(read(etcd, etcd.keys().head()));
    }

    private static String listIn(EtcdNamespace etcd) throws InterruptedException {
        KeyUpdate list = read(etcd, etcd.keys().list()).updates().get(0);
        return new String(list.value(), StandardCharsets.UTF_8);
    }

    private static Page read(EtcdNamespace etcd, ByteSequence key) throws InterruptedException {
        return etcd.reads().call("a key", client -> client.read(KeyRange.of(key), ReadClient.PRESENT, 1));
    }

    private void restoreUnnoticed() throws Exception {
        proxy.refuse(true);
        server.kill();
        server.restore(folder.resolve("backup"));
        server.start();
        server.awaitUp();
    }

    private void restore() throws Exception {
        restoreUnnoticed();
        ByteSequence elsewhere = ByteSequence.from("elsewhere", StandardCharsets.UTF_8);
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            for (int i = 0; i < BUMP; i++) {
                client.getKVClient().put(elsewhere, elsewhere).join();
            }
        }
    }

    private long version() {
        return leader.snapshot()
                .observed(TASK, Entities.taskArn(SampleChanges.CLUSTER, "a"))
                .map(Observed::version)
                .orElse(0L);
    }
}
