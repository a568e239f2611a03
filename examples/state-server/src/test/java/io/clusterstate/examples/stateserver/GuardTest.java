package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of every request. */
@Timeout(300)
class GuardTest {

    private final Held held = new Held();
    private final Rest rest = Rest.of(held);

    @AfterEach
    void stop() {
        rest.close();
        held.close();
    }

    @Test
    void answersSoManyASecondAndNoMore() throws InterruptedException {
        try (Rest slow = Rest.of(held, options -> options.maxRate = 1)) {
            int refused = 0;
            for (int i = 0; i < 50; i++) {
                refused += slow.get("/v1/freshness").statusCode() == 429 ? 1 : 0;
            }

            assertTrue(refused > 0, "none of 50 requests was refused (expected: all but about one a second)");
            assertEquals(200, slow.get("/healthz").statusCode()); // whoever watches is never refused
        }
    }

    @Test
    void keepsThreadsForOthersWhileManyListsAreReadSlowly() throws Exception {
        for (int i = 0; i < 1_000; i++) { // far more than the buffers of a socket take
            held.put(task("prod", "web-" + i, big -> big.stoppedReason("x".repeat(20_000))));
        }
        List<Socket> lazy = new ArrayList<>();
        try {
            await(
                    () -> { // one more each time, since this test's own request may have kept one of them out
                        lazy.add(askedForAListThatNobodyReads());
                        return statusOf("/v1/tasks?status=stopped") == 503;
                    });
            assertTrue(lazy.size() > 30, lazy.size() + " slow readers kept the others out (expected: 32 are let in)");
            assertEquals(200, statusOf("/healthz"));
        } finally {
            for (Socket socket : lazy) {
                socket.close();
            }
        }
        await(() -> statusOf("/v1/tasks?status=stopped") == 200);
    }

    private Socket askedForAListThatNobodyReads() {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), rest.port());
            socket.getOutputStream()
                    .write("GET /v1/tasks HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int statusOf(String path) {
        try {
            return rest.get(path).statusCode();
        } catch (InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void answersNothingButGet(String method) throws InterruptedException {
        HttpResponse<String> answer = rest.send(HttpRequest.newBuilder(rest.uri("/v1/ping"))
                .method(method, BodyPublishers.noBody())
                .build());

        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example", "css"})
    void isNotReachedThroughTheNameOfAnotherSite(String host) throws IOException {
        RawHttp.Answer answer = ask("/v1/tasks", host);

        assertEquals(421, answer.status());
        assertEquals(
                "Host: " + host.replaceFirst(":3000", "")
                        + " (expected: localhost, an IP address, or a name that --allowed-host gives)",
                answer.body());
        assertEquals(421, ask("/", host).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:3000", "localhost.", "127.0.0.1:3000", "[::1]:3000", "10.1.2.3"})
    void isReachedThroughWhatNoOtherSiteIsCalled(String host) throws IOException {
        assertEquals(200, ask("/v1/ping", host).status());
        assertEquals(
                200, RawHttp.ask(rest.port(), "GET /v1/ping HTTP/1.0\r\n\r\n").status());
    }

    @Test
    void isReachedThroughNamesThatAreGiven() throws IOException {
        try (Rest named = Rest.of(held, options -> options.allowedHosts = List.of("Css.example.com", "css"))) {
            for (String host : List.of("css.example.COM:3000", "css")) {
                String request = "GET /v1/ping HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
                assertEquals(200, RawHttp.ask(named.port(), request).status(), host);
            }
        }
    }

    @Test
    void checksHostsOnEveryInterface() throws IOException {
        try (Rest published = Rest.of(held, options -> options.bind = "0.0.0.0:0")) {
            String request = "GET /v1/ping HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
            assertEquals(421, RawHttp.ask(published.port(), request).status());
        }
    }

    private RawHttp.Answer ask(String path, String host) throws IOException {
        return RawHttp.ask(rest.port(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ping", "/v1/nothing", "/", "/v1/tasks?x=1", "/v1/freshness"})
    void saysToBrowsersWhatTheyMayDoWithEachAnswer(String path) throws InterruptedException {
        var headers = rest.get(path).headers();

        assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse("none"));
        assertEquals("DENY", headers.firstValue("X-Frame-Options").orElse("none"));
        assertEquals(
                "same-origin",
                headers.firstValue("Cross-Origin-Resource-Policy").orElse("none"));
        assertEquals("no-referrer", headers.firstValue("Referrer-Policy").orElse("none"));
        assertTrue(headers.firstValue("Content-Security-Policy").orElse("none").startsWith("default-src 'self';"));
        assertTrue(headers.firstValue("Server").isEmpty());
    }
}
