package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that drips its headers keeps a connection for a limited time. */
@Timeout(300)
class HeaderDeadlineTest {

    private static final String REQUEST = "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String LAST_REQUEST = REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

    private final Held held = new Held();
    private final ExecutorService dripping = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        dripping.shutdownNow();
        held.close();
    }

    private Rest within(Duration limit) {
        return Rest.of(held, options -> options.headersWithin = limit);
    }

    /** Sends a byte now and then until the server ends the connection. */
    private void drip(Socket socket) {
        dripping.execute(() -> {
            try {
                while (true) {
                    RawHttp.send(socket, "x");
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // the end of the dripping
            }
        });
    }

    @Test
    void cutsAClientThatDripsItsHeadersAndSaysWhy() throws IOException {
        try (Rest rest = within(Duration.ofSeconds(3));
                Socket socket = RawHttp.connect(rest.port())) {
            RawHttp.send(socket, "GET /v1/ping HTTP/1.1\r\nX: ");
            drip(socket);

            RawHttp.Answer answer = RawHttp.read(socket);

            assertEquals(408, answer.status(), answer.toString());
            assertEquals("The headers of the request did not end within 3 s", answer.body());
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals(200, RawHttp.ask(rest.port(), REQUEST).status()); // others are answered
        }
    }

    @Test
    void cutsAClientThatDripsItsSecondRequest() throws IOException {
        try (Rest rest = within(Duration.ofSeconds(3));
                Socket socket = RawHttp.connect(rest.port())) {
            RawHttp.send(socket, REQUEST);
            new Scanner(socket.getInputStream(), StandardCharsets.UTF_8)
                    .useDelimiter("pong")
                    .next();
            RawHttp.send(socket, "GET /v1/ping HTTP/1.1\r\nX: ");
            drip(socket);

            assertEquals(408, RawHttp.read(socket).status());
        }
    }

    @Test
    void allowsAPauseBetweenTwoRequestsAndALongAnswer() throws IOException, InterruptedException {
        Duration limit = Duration.ofSeconds(2);
        try (Rest rest = within(limit);
                Socket socket = RawHttp.connect(rest.port());
                Socket stream = RawHttp.connect(rest.port())) {
            RawHttp.send(stream, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            RawHttp.send(socket, REQUEST);
            TimeUnit.MILLISECONDS.sleep(2 * limit.toMillis()); // nothing may happen, so there is nothing to await
            RawHttp.send(socket, LAST_REQUEST);

            RawHttp.Answer answers = RawHttp.read(socket);
            assertEquals(2, answers.toString().split("pong", -1).length - 1, answers.toString());
            rest.server().close(); // which ends the stream
            String events = RawHttp.read(stream).body();
            assertTrue(events.contains("event: end"), events);
        }
    }

    @Test
    void takesHeadersThatComeInPartsWithinTheLimit() throws IOException {
        try (Rest rest = within(Duration.ofSeconds(30));
                Socket socket = RawHttp.connect(rest.port())) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < LAST_REQUEST.length(); i++) {
                RawHttp.send(socket, LAST_REQUEST.substring(i, i + 1));
            }

            assertEquals(200, RawHttp.read(socket).status());
        }
    }
}
