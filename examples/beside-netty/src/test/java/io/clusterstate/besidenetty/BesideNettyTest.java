package io.clusterstate.besidenetty;

import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Coordination;
import io.netty.util.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the etcd store in a host with the asynchronous AWS client. jetcd and the client share a Netty, in the version
 * that Maven chooses.
 */
class BesideNettyTest {

    /** Its renewals are in time on a machine that halts a thread for seconds. */
    private static final Duration LEASE = Duration.ofSeconds(8);

    private static EtcdServer server;

    @BeforeAll
    static void launch() throws IOException, InterruptedException {
        server = EtcdServer.launch();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void thereIsOneNettyOfTheLine41() {
        Map<String, String> versions = new TreeMap<>();
        Version.identify().forEach((artifact, version) -> versions.put(artifact, version.artifactVersion()));
        System.out.println("Netty on the class path: " + versions);

        assertTrue(versions.keySet().containsAll(List.of("netty-common", "netty-transport", "netty-handler")));
        versions.forEach((artifact, version) -> assertTrue(version.startsWith("4.1."), artifact + " " + version));
    }

    @Test
    void leadsOnWhileTheAsynchronousClientWorks() throws IOException {
        try (FakeSqs sqs = FakeSqs.start();
                EtcdStateStore store = newStore("leads/")) {
            Coordination coordination = start(store);
            await(() -> coordination.term() != 0);
            long term = coordination.term();
            long begun = System.nanoTime();

            await(() -> {
                assertEquals(FakeSqs.QUEUES, sqs.queues());
                assertEquals(term, coordination.term());
                return System.nanoTime() - begun > LEASE.multipliedBy(2).toNanos();
            });
            assertTrue(coordination.link().isLive());
        }
    }

    @Test
    void isToldWhatAnotherStoreWrites() throws IOException {
        try (FakeSqs sqs = FakeSqs.start();
                EtcdStateStore store = newStore("told/");
                EtcdStateStore other = newStore("told/")) {
            start(store);
            start(other);
            assertEquals(FakeSqs.QUEUES, sqs.queues());
            assertNotEquals(
                    0,
                    other.apply(List.of(upsert(EntityKind.TASK, "c", task("c", "1"))))
                            .get(0)
                            .revision());

            await(() -> store.snapshot().task(taskArn("c", "1")).isPresent());
            assertEquals(other.snapshot().revision(), store.snapshot().revision());
        }
    }

    private static EtcdStateStore newStore(String namespace) {
        return EtcdStateStore.builder(Etcd.at(server.endpoint().toString()).namespace(namespace))
                .leaderLease(LEASE)
                .build();
    }

    private static Coordination start(EtcdStateStore store) {
        Coordination coordination = store.coordination().orElseThrow();
        coordination.start();
        await(() -> coordination.link().isLive());
        return coordination;
    }
}
