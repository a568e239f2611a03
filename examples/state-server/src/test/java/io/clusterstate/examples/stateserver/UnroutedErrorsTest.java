package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The server answers a request that is no valid HTTP with a text, and with the headers of every answer. */
@Timeout(300)
class UnroutedErrorsTest {

    private static final String HOST = "Host: localhost\r\nConnection: close\r\n";
    private static final String WEB_SOCKET_KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    private static final Pattern INSIDE = Pattern.compile("\tat |Exception|[Jj]etty|[Jj]avalin|<html");
    private static final List<String> SECURITY = List.of(
            "Content-Security-Policy",
            "Cross-Origin-Resource-Policy",
            "Referrer-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options");

    private static Held held;
    private static Rest rest;

    @BeforeAll
    static void start() {
        held = new Held();
        rest = Rest.of(held);
    }

    @AfterAll
    static void stop() {
        rest.close();
        held.close();
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                refused("no HTTP at all", 400, "\u0001\u0002\r\n\r\n"),
                refused(
                        "TLS",
                        400,
                        "\u0016\u0003\u0001\u0000\u00f5\u0001\u0000\u0000\u00f1\u0003\u0003" + "x".repeat(40)),
                refused("HTTP/0.9", 505, "GET /v1/tasks\r\n\r\n"),
                refused("an unknown version", 505, "GET /v1/ping HTTP/3.7\r\n" + HOST + "\r\n"),
                refused("HTTP/2 with prior knowledge", 426, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused("an address without end", 414, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("headers without end", 431, get("/v1/ping", "X: " + "x".repeat(20_000) + "\r\n")),
                refused("an unknown method", 405, "BLA /v1/ping HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("OPTIONS for all", 404, "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a proxy's CONNECT", 400, "CONNECT a:1 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("no host", 400, "GET /v1/ping HTTP/1.1\r\nConnection: close\r\n\r\n"),
                refused("an empty host", 400, "GET /v1/ping HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
                refused("two hosts", 400, get("/v1/ping", "Host: localhost\r\n")),
                refused("a host with a space", 400, "GET /v1/ping HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"),
                refused(
                        "a port that is none",
                        400,
                        "GET / HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close\r\n\r\n"),
                refused("the address of another site", 400, get("http://evil.example/v1/ping", "")),
                refused("a wrong escape", 400, get("/v1/%zz", "")),
                refused("an escaped NUL", 400, get("/v1/%00", "")),
                refused("an escape that is no UTF-8", 400, get("/v1/tasks/%ff/x", "")),
                refused("a path without escapes", 400, get("/v1/\u00e9", "")),
                refused("a path with a space", 400, get("/v1/pi ng", "")),
                refused("a path out of the root", 400, get("/../etc/passwd", "")),
                refused("an escaped path out of the root", 400, get("/%2e%2e/logback.xml", "")),
                refused("empty parts of a path", 400, get("//v1//ping", "")),
                refused("a resource beside the page", 404, get("/logback.xml", "")),
                refused("a length that is none", 400, get("/v1/ping", "Content-Length: x\r\n")),
                refused("two lengths", 400, get("/v1/ping", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")),
                refused("an unknown encoding", 400, get("/v1/ping", "Transfer-Encoding: gzip\r\n")),
                refused("a folded header", 400, get("/v1/ping", "X: a\r\n b\r\n")),
                refused("a header without colon", 400, get("/v1/ping", "x\r\n")),
                refused("a header with NUL", 400, get("/v1/ping", "X: a\u0000b\r\n")),
                refused("an unknown expectation", 417, get("/v1/ping", "Expect: 200-fun\r\n")),
                refused("a WebSocket", 404, get("/v1/ping", webSocket())),
                refused("a route that is none", 404, get("/nothing", "Accept: text/html\r\n")),
                refused("a folder of the page", 404, get("/page/", "Accept: application/json\r\n")),
                refused("a wrong filter", 400, get("/v1/tasks?status=dead", "Accept: application/json\r\n")),
                refused(
                        "a body too large",
                        405,
                        "POST /v1/ping HTTP/1.1\r\n" + HOST + "Content-Length: 9999\r\n\r\nx"));
    }

    private static Arguments refused(String what, int status, String request) {
        return Arguments.of(what, status, request);
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + headers + "\r\n";
    }

    private static String webSocket() {
        return "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + WEB_SOCKET_KEY;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void answersAStrangerWithAText(String what, int status, String request) throws IOException {
        RawHttp.Answer answer = RawHttp.ask(rest.port(), request);

        assertEquals(status, answer.status(), answer.toString());
        assertTrue(answer.header("Content-Type").matches("(?i)text/plain; ?charset=utf-8"), answer.toString());
        SECURITY.forEach(name -> assertTrue(answer.headers().containsKey(name), name + ": " + answer));
        assertFalse(answer.body().isBlank(), answer.toString());
        assertFalse(INSIDE.matcher(answer.toString()).find(), answer.toString());
    }

    @Test
    void answersHeadWithoutAText() throws IOException {
        RawHttp.Answer answer = RawHttp.get(rest.port(), "HEAD", "//v1//ping", "");

        assertEquals(400, answer.status());
        assertEquals("", answer.body());
        SECURITY.forEach(name -> assertTrue(answer.headers().containsKey(name), name + ": " + answer));
    }
}
