package io.clusterstate.examples.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clusterstate.etcdserver.Certificates;
import io.clusterstate.etcdserver.EtcdServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An administrator's client of an etcd member, by its JSON gateway.
 *
 * <p>Thread: one thread at a time.
 */
final class EtcdAdmin {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String ELSEWHERE =
            Base64.getEncoder().encodeToString("elsewhere".getBytes(StandardCharsets.UTF_8));
    private static final int AT_ONCE = 100;

    private final EtcdServer member;
    private final HttpClient http;

    EtcdAdmin(EtcdServer member, Certificates certificates) throws IOException {
        this.member = member;
        this.http = HttpClient.newBuilder()
                .sslContext(certificates.context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build();
    }

    /** The present revision. */
    long revision() throws IOException, InterruptedException {
        return revisionOf(http.send(request("kv/range", "{\"key\":\"" + ELSEWHERE + "\"}"), text()));
    }

    /** Forgets all revisions before the present one. */
    void compact() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request("kv/compaction", "{\"revision\":\"" + revision() + "\"}"), text());
        boolean isDone = answer.statusCode() == 200 || answer.body().contains("compacted");
        if (!isDone) {
            throw new IOException("compaction: " + answer.body() + " (expected: success)");
        }
    }

    /** Writes to a key outside the state until the revision is beyond the given one. */
    void bumpBeyond(long revision) throws IOException, InterruptedException {
        HttpRequest put = request("kv/put", "{\"key\":\"" + ELSEWHERE + "\",\"value\":\"" + ELSEWHERE + "\"}");
        for (long now = revision(); now <= revision; now = revision()) {
            List<CompletableFuture<HttpResponse<String>>> puts = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                puts.add(http.sendAsync(put, text()));
            }
            puts.forEach(CompletableFuture::join);
        }
    }

    private static HttpResponse.BodyHandler<String> text() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private HttpRequest request(String operation, String body) {
        return HttpRequest.newBuilder(member.endpoint().resolve("/v3/" + operation))
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static long revisionOf(HttpResponse<String> answer) {
        try {
            JsonNode revision = JSON.readTree(answer.body()).at("/header/revision");
            if (revision.asLong() == 0) {
                throw new IOException("etcd: " + answer.body() + " (expected: a revision)");
            }
            return revision.asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
