package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.etcd.EtcdFailure.Kind;
import io.clusterstate.etcdserver.EtcdServer;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kinds of failures, as jetcd reports those of a real etcd. */
class EtcdFailureTest {

    private static final int SMALL = 10_000;
    private static final int FEW = 5;

    private static EtcdServer server;

    private final Client client =
            Client.builder().endpoints(server.endpoint()).waitForReady(false).build();
    private final Client small = Client.builder()
            .endpoints(server.endpoint())
            .waitForReady(false)
            .maxInboundMessageSize(SMALL)
            .build();
    private final ByteSequence prefix = bytes(TestEtcd.newNamespace());

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
        client.close();
        small.close();
    }

    @Test
    void anAnswerThatIsTooLarge() throws Exception {
        putSome();

        assertEquals(
                Kind.TOO_LARGE,
                kindOf(small.getKVClient()
                        .get(prefix, GetOption.builder().isPrefix(true).build())));
    }

    @Test
    void anAnswerOfAWatchThatIsTooLarge() throws Exception {
        long first = putSome();

        assertEquals(Kind.TOO_LARGE, kindOf(watch(small, first)));
    }

    @Test
    void aRevisionThatEtcdHasNotReached() throws Exception {
        long last = putSome() + FEW - 1;

        assertEquals(
                Kind.FUTURE,
                kindOf(client.getKVClient()
                        .get(prefix, GetOption.builder().withRevision(last + 1).build())));
    }

    @Test
    void aRevisionThatIsCompacted() throws Exception {
        long first = putSome();
        client.getKVClient().compact(first + FEW - 1).get(60, TimeUnit.SECONDS);

        assertEquals(
                Kind.COMPACTED,
                kindOf(client.getKVClient()
                        .get(prefix, GetOption.builder().withRevision(first).build())));
        assertEquals(Kind.COMPACTED, kindOf(watch(client, first)));
    }

    @Test
    void aLeaseThatHasEnded() {
        assertEquals(Kind.LEASE_GONE, kindOf(client.getLeaseClient().keepAliveOnce(4711)));
        assertEquals(
                Kind.LEASE_GONE,
                kindOf(client.getKVClient()
                        .put(
                                prefix,
                                prefix,
                                PutOption.builder().withLeaseId(4711).build())));
    }

    @Test
    void anAnswerOfEtcdThatSaysNothingAboutTheConnection() {
        ByteSequence huge = ByteSequence.from(new byte[2 * 1024 * 1024]);

        assertEquals(Kind.REFUSAL, kindOf(client.getKVClient().put(prefix, huge)));
    }

    @Test
    void anEtcdThatIsNotThere() {
        try (Client nowhere = Client.builder()
                .endpoints("http://127.0.0.1:1")
                .waitForReady(false)
                .retryMaxAttempts(0)
                .build()) {
            assertEquals(Kind.CONNECTION, kindOf(nowhere.getKVClient().get(prefix)));
            assertEquals(Kind.CONNECTION, kindOf(watch(nowhere, 1)));
        }
    }

    /** Puts some values, of which one fits into an answer to the small client; returns the first revision. */
    private long putSome() throws Exception {
        long first = 0;
        for (int i = 0; i < FEW; i++) {
            long revision = client.getKVClient()
                    .put(prefix.concat(bytes("" + i)), ByteSequence.from(new byte[SMALL / 2]))
                    .get(60, TimeUnit.SECONDS)
                    .getHeader()
                    .getRevision();
            first = first == 0 ? revision : first;
        }
        return first;
    }

    private CompletableFuture<Void> watch(Client by, long revision) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        WatchOption option =
                WatchOption.builder().isPrefix(true).withRevision(revision).build();
        by.getWatchClient().watch(prefix, option, Watch.listener(response -> {}, ended::completeExceptionally));
        return ended;
    }

    private static Kind kindOf(CompletableFuture<?> answer) {
        return EtcdFailure.kindOf(assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS))
                .getCause());
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
