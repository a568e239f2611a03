package io.clusterstate.besidenetty;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * An asynchronous client on Netty, and a server on loopback that answers every request with a fixed list of queues.
 *
 * <p>Thread: safe for any thread.
 */
final class FakeSqs implements AutoCloseable {

    /** The queues in every answer. */
    static final List<String> QUEUES = List.of("http://127.0.0.1/123456789012/events");

    private static final byte[] ANSWER =
            ("{\"QueueUrls\":[\"" + QUEUES.get(0) + "\"]}").getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final SqsAsyncClient client;

    private FakeSqs(HttpServer server) {
        this.server = server;
        this.client = SqsAsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .build();
    }

    static FakeSqs start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", FakeSqs::answer);
        server.start();
        return new FakeSqs(server);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
        }
    }

    /** Lists the queues, on Netty's threads. */
    List<String> queues() {
        return client.listQueues().join().queueUrls();
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
