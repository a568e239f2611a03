package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.etcdserver.EtcdServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several servers on one etcd: one that mirrors, and one that only reads. */
@Timeout(300)
class SharedStateTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void showsTheSameInEveryProcessAndGoesOnFromMemoryWithoutEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Options mirroring = options(etcd);
            mirroring.simulate = true;
            mirroring.simulateTasks = 200;
            mirroring.simulateRate = 0;
            try (Server mirror = Server.start(mirroring, null);
                    Server reader = Server.start(options(etcd), null)) {
                mirror.source().view().awaitReady(Duration.ofSeconds(60));
                reader.source().view().awaitReady(Duration.ofSeconds(60));

                await(() -> get(mirror, "/v1/tasks")
                        .body()
                        .equals(get(reader, "/v1/tasks").body()));

                assertEquals(
                        200,
                        Rest.parse(get(reader, "/v1/tasks").body()).get("items").size());
                assertEquals("LEADER", freshness(mirror).get("role").textValue());
                assertEquals("READER", freshness(reader).get("role").textValue());
                assertTrue(get(reader, "/metrics").body().contains("css_store_link_live 1.0"));
                assertEquals(200, get(reader, "/readyz").statusCode());

                etcd.kill();

                await(() -> get(reader, "/readyz").statusCode() == 503);
                assertEquals("STALE", freshness(reader).at("/store/state").textValue());
                assertEquals(
                        200,
                        Rest.parse(get(reader, "/v1/tasks").body()).get("items").size());
            }
        }
    }

    private static Options options(EtcdServer etcd) {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.etcdEndpoints = List.of(etcd.endpoint().getAuthority());
        return options;
    }

    private static JsonNode freshness(Server server) {
        return Rest.parse(get(server, "/v1/freshness").body());
    }

    private static HttpResponse<String> get(Server server, String path) {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        try {
            return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(uri.toString(), e);
        }
    }
}
