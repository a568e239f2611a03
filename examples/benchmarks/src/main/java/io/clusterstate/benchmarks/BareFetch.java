package io.clusterstate.benchmarks;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A program that fetches the keys of a state with jetcd, in a reader's pages, and does nothing with them. */
final class BareFetch {

    private static final int PAGE = 2_000;
    private static final int MAX_MESSAGE_SIZE = 64 * 1024 * 1024;
    private static final ByteSequence FIRST = key("css/");
    private static final ByteSequence END = key("css0");
    private static final ByteSequence NEXT = ByteSequence.from(new byte[1]);

    private BareFetch() {}

    /** Takes the address of etcd. */
    public static void main(String[] args) throws ExecutionException, InterruptedException {
        Client client = Client.builder()
                .endpoints(args[0])
                .waitForReady(false)
                .maxInboundMessageSize(MAX_MESSAGE_SIZE)
                .build();
        int keys = 0;
        CompletableFuture<GetResponse> next = fetch(client, FIRST);
        while (next != null) {
            List<KeyValue> page = next.get().getKvs();
            next = page.size() < PAGE
                    ? null
                    : fetch(client, page.get(page.size() - 1).getKey().concat(NEXT));
            keys += page.size();
        }
        if (keys < ColdStart.TASKS) {
            throw new IllegalStateException("keys: " + keys + " (expected: all of them)");
        }
        FreshJvm.report();
    }

    private static CompletableFuture<GetResponse> fetch(Client client, ByteSequence from) {
        return client.getKVClient()
                .get(from, GetOption.builder().withRange(END).withLimit(PAGE).build());
    }

    private static ByteSequence key(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
