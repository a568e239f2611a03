package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.testing.TestTime;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An election that the test steps, so that nothing renews a term. The time stands still, but for the test. */
class SteppedElectionTest {

    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final int PUTS_ELSEWHERE = 50;

    private final TestTime time = new TestTime();

    @TempDir
    private Path folder;

    private EtcdServer server;
    private EtcdNamespace etcd;
    private LeadershipKey key;
    private Election election;
    private Loop following;
    private long term;

    @BeforeEach
    void lead() throws Exception {
        server = EtcdServer.launch();
        server.kill();
        server.backup(folder.resolve("backup"));
        server.start();
        server.awaitUp();
        putElsewhere();
        Environment environment = new Environment(time, time, Environment::daemon, new Random(1));
        etcd = Etcd.at(server.endpoint().toString())
                .namespace(TestEtcd.newNamespace())
                .connect();
        key = new LeadershipKey(etcd, "scheduler", time, LEASE);
        election = new Election(etcd, key, time, LEASE, "the test", Optional::empty);
        following = new Loop("test-follow", environment, key::step, FollowedReplica.GROWS_UNTIL);
        following.start();
        await(key::isKnown);
        election.step(() -> {});
        term = election.term();
        assertTrue(term > PUTS_ELSEWHERE);
    }

    private void putElsewhere() {
        ByteSequence elsewhere = ByteSequence.from("elsewhere", StandardCharsets.UTF_8);
        try (Client client = Client.builder().endpoints(server.endpoint()).build()) {
            for (int i = 0; i < PUTS_ELSEWHERE; i++) {
                client.getKVClient().put(elsewhere, elsewhere).join();
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        following.stop();
        following.interrupt();
        following.join(Duration.ofMinutes(1));
        election.stop();
        election.close();
        key.close();
        etcd.close();
        server.close();
    }

    /** Another process may lead at once. */
    @Test
    void aTermIsOverAsSoonAsEtcdIsSeenToHaveGoneBackBeforeIt() throws Exception {
        server.kill();
        server.restore(folder.resolve("backup"));
        server.start();
        server.awaitUp();

        await(this::hasSeenTheBackup);

        assertEquals(0, election.term());
    }

    private boolean hasSeenTheBackup() {
        long upTo = key.upTo();
        return upTo > 0 && upTo < term;
    }

    /** The term runs out while its renewal is under way, and is given up then. */
    @Test
    void aTermThatIsGivenUpAfterItHasRunOutIsNotRenewed() throws Exception {
        AtomicInteger beats = new AtomicInteger();
        time.advance(LEASE.dividedBy(2));

        election.step(() -> {
            if (beats.getAndIncrement() == 0) {
                time.advance(LEASE.multipliedBy(3).dividedBy(4));
                assertEquals(0, election.term());
                election.resign(election.held(), "etcd has come back from a backup");
            }
        });

        assertEquals(0, election.term());
    }
}
