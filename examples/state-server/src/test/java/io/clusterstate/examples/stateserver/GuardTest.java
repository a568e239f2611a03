package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
@Timeout(60)
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
        try (Rest slow = Rest.of(held, options -> options.maxRate = 5)) {
            int refused = 0;
            for (int i = 0; i < 50; i++) {
                refused += slow.get("/v1/freshness").statusCode() == 429 ? 1 : 0;
            }

            assertTrue(refused > 0, "none of 50 requests was refused (expected: all but about 5 a second)");
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

    @Test
    void isNotReachedThroughTheNameOfAnotherSite() throws IOException {
        String answer = raw("GET /v1/tasks HTTP/1.1\r\nHost: evil.example:3000\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 421 "), answer);
        assertTrue(raw("GET /v1/ping HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200 "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /%2e%2e/%2e%2e/logback.xml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /logback.xml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /v1/tasks?cluster=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /v1/tasks?cluster=%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "BLA /v1/tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /v1/tasks\r\n\r\n",
                "\u0001\u0002\r\n\r\n"
            })
    void refusesWhatIsNoSaneRequest(String request) throws IOException {
        String answer = raw(request);

        assertTrue(answer.matches("(?s)HTTP/1.1 (4\\d\\d|505) .*"), answer);
        assertFalse(answer.contains("\tat ") || answer.contains("Exception") || answer.contains("Jetty"), answer);
    }

    @Test
    void refusesHeadersWithoutEnd() throws IOException {
        String answer = raw("GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
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

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rest.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
