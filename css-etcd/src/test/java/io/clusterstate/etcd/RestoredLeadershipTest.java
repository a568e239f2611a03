package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An election of a host's processes, whose etcd comes back from a backup at a lower revision. */
class RestoredLeadershipTest {

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PUTS_ELSEWHERE = 50;

    @TempDir
    private Path folder;

    @Test
    void aProcessLeadsAgainThoughEtcdHasGoneBackBeforeItsTerm() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            server.kill();
            server.backup(folder.resolve("backup"));
            server.start();
            server.awaitUp();
            putElsewhere(server);
            Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(TestEtcd.newNamespace());
            try (Leadership leader = Leadership.of(etcd, "scheduler", LEASE)) {
                leader.start();
                long term = leader.awaitLead(LIMIT);
                assertTrue(term > PUTS_ELSEWHERE);

                server.kill();
                server.restore(folder.resolve("backup"));
                server.start();
                server.awaitUp();

                await(() -> leader.term() != 0 && leader.term() != term);
                assertTrue(leader.term() < term, () -> leader.term() + " after " + term);
            }
        }
    }

    private static void putElsewhere(EtcdServer server) {
        ByteSequence elsewhere = ByteSequence.from("elsewhere", StandardCharsets.UTF_8);
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            for (int i = 0; i < PUTS_ELSEWHERE; i++) {
                client.getKVClient().put(elsewhere, elsewhere).join();
            }
        }
    }
}
