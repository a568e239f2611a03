package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

            assertEquals(put, arrivals.revisions.get(10, TimeUnit.SECONDS));
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
