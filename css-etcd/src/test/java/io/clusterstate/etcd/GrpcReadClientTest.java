package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The reader's own client, on a real etcd. */
class GrpcReadClientTest {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int VALUES = 6;

    @Test
    void aWatchDeliversMoreAtOnceThanTheLimitOfAMessage() throws Exception {
        Keys keys = new Keys(TestEtcd.newNamespace());
        List<Long> put = putLargeValues(keys);
        Arrivals arrivals = new Arrivals();
        try (ReadClient client = new GrpcReadClient(
                NettyChannelBuilder.forTarget(TestEtcd.server().endpoint().getAuthority())
                        .usePlaintext()
                        .maxInboundMessageSize(VALUES / 2 * MEBIBYTE)
                        .build(),
                null)) {
            client.watch(KeyRange.all(keys), put.get(0), arrivals);

            assertEquals(put, arrivals.revisions.get(60, TimeUnit.SECONDS));
        }
    }

    /** As an older etcd does, which names no token. */
    @Test
    void aWatchThatIsRefusedForWhateverReasonMakesTheNextLogIn() throws Exception {
        AtomicInteger logins = new AtomicInteger();
        Server refusing = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new LoggingIn(logins))
                .addService(new RefusingWatches())
                .build()
                .start();
        try (ReadClient client = new GrpcReadClient(
                NettyChannelBuilder.forAddress("127.0.0.1", refusing.getPort())
                        .usePlaintext()
                        .build(),
                new ClientSource.User("css", "css's secret"))) {
            for (int i = 1; i <= 2; i++) {
                Arrivals arrivals = new Arrivals();
                client.watch(KeyRange.all(new Keys("css/")), 1, arrivals);
                ExecutionException failure =
                        assertThrows(ExecutionException.class, () -> arrivals.revisions.get(60, TimeUnit.SECONDS));
                assertTrue(failure.getMessage().contains("permission denied"), failure.getMessage());
                assertEquals(i, logins.get());
            }
        } finally {
            refusing.shutdownNow();
        }
    }

    private static final class LoggingIn extends AuthGrpc.AuthImplBase {

        private final AtomicInteger logins;

        LoggingIn(AtomicInteger logins) {
            this.logins = logins;
        }

        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> answer) {
            answer.onNext(AuthenticateResponse.newBuilder()
                    .setToken("token " + logins.incrementAndGet())
                    .build());
            answer.onCompleted();
        }
    }

    private static final class RefusingWatches extends WatchGrpc.WatchImplBase {

        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            return new StreamObserver<>() {

                @Override
                public void onNext(WatchRequest request) {
                    answers.onNext(WatchResponse.newBuilder()
                            .setCreated(true)
                            .setCanceled(true)
                            .setCancelReason("rpc error: code = PermissionDenied desc = etcdserver: permission denied")
                            .build());
                }

                @Override
                public void onError(Throwable why) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    /** Puts large values one by one; returns their revisions, between which other tests may write elsewhere. */
    private static List<Long> putLargeValues(Keys keys) throws Exception {
        KV kv = TestEtcd.client().getKVClient();
        ByteSequence value = ByteSequence.from("x".repeat(MEBIBYTE), StandardCharsets.UTF_8);
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < VALUES; i++) {
            revisions.add(kv.put(keys.head(), value).get().getHeader().getRevision());
        }
        return revisions;
    }

    /** Keeps the revisions of the first updates. */
    private static final class Arrivals implements ReadClient.WatchListener {

        private final CompletableFuture<List<Long>> revisions = new CompletableFuture<>();

        @Override
        public void onBegin() {}

        @Override
        public void onUpdates(List<KeyUpdate> updates) {
            List<Long> arrived = new ArrayList<>();
            updates.forEach(update -> arrived.add(update.revision()));
            revisions.complete(arrived);
        }

        @Override
        public void onFailure(Throwable why) {
            revisions.completeExceptionally(why);
        }
    }
}
