package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import io.clusterstate.testing.Entities;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** What is told of changes: by lines as the original did, and by Server-Sent Events. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class StreamsTest {

    private final Held held = new Held();
    private Rest rest;

    @BeforeEach
    void start() {
        rest = Rest.of(held, options -> options.patience = Duration.ofSeconds(6));
    }

    @AfterEach
    void stop() {
        rest.close();
        held.close();
    }

    // lines

    @Test
    void tellsEachChangeFromNowOnInALine() throws Exception {
        held.put(task("prod", "before"));
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            long revision = held.put(task("prod", "web-1"));
            held.put(EntityKind.SERVICE, "prod", Entities.service("prod", "s"));

            JsonNode line = line(lines);

            assertEquals(taskArn("prod", "web-1"), line.at("/entity/taskARN").textValue());
            assertEquals(
                    Long.toString(revision), line.at("/metadata/entityVersion").textValue());
        }
    }

    @Test
    void sendsHeadersAtOnce() throws Exception {
        HttpResponse<InputStream> answer = rest.open("/v1/stream/tasks"); // returns when they are here
        assertEquals(
                "application/octet-stream",
                answer.headers().firstValue("Content-Type").orElseThrow());
        answer.body().close();
    }

    @Test
    void goesOnFromARevisionWhichIsIncluded() throws Exception {
        held.put(task("prod", "a"));
        long second = held.put(task("prod", "b"));
        held.put(task("prod", "c"));

        try (BufferedReader lines = open("/v1/stream/tasks?entityVersion=" + second)) {
            assertEquals(taskArn("prod", "b"), line(lines).at("/entity/taskARN").textValue());
            assertEquals(taskArn("prod", "c"), line(lines).at("/entity/taskARN").textValue());
        }
    }

    @Test
    void letsOneWhoIsUpToDateWaitForWhatComes() throws Exception {
        long last = held.put(task("prod", "a"));

        try (BufferedReader lines = open("/v1/stream/tasks?entityVersion=" + (last + 1))) {
            held.put(task("prod", "b"));
            assertEquals(taskArn("prod", "b"), line(lines).at("/entity/taskARN").textValue());
        }
        assertEquals(
                "Entity version is out of range",
                rest.get("/v1/stream/tasks?entityVersion=" + (last + 3)).body());
    }

    @ParameterizedTest
    @CsvSource({
        "0, Invalid entity version",
        "-1, Invalid entity version",
        "x, Invalid entity version",
        "9999999999999999999, Entity version is out of range",
        "99, Entity version is out of range"
    })
    void refusesARevisionThatIsNone(String version, String text) throws InterruptedException {
        HttpResponse<String> answer = rest.get("/v1/stream/tasks?entityVersion=" + version);

        assertEquals(400, answer.statusCode());
        assertEquals(text, answer.body());
    }

    @Test
    void refusesARevisionThatIsNoLongerKept() throws InterruptedException {
        for (int version = 1; version <= 2_100; version++) {
            held.put(task("prod", "a", version));
        }

        assertEquals(
                "Entity version is out of range",
                rest.get("/v1/stream/tasks?entityVersion=2").body());
    }

    @Test
    void tellsWhatWasRemoved() throws Exception {
        held.put(task("prod", "a"));
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            held.remove(taskArn("prod", "a"));

            JsonNode line = line(lines);

            assertTrue(line.at("/metadata/removed").booleanValue());
            assertEquals("MISSING", line.at("/metadata/cause").textValue());
            assertEquals(taskArn("prod", "a"), line.at("/entity/taskARN").textValue());
        }
    }

    @Test
    void saysWhyItEndsWhenTheServerStops() throws Exception {
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            rest.close();

            assertEquals("the server stops", line(lines).get("end").textValue());
            assertNull(lines.readLine()); // and a regular end
        }
    }

    /** The library tells no such task: its list of containers has one that is none. */
    @Test
    void endsWithAnErrorWhereAChangeCannotBeTold() throws Exception {
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            putBroken();

            assertEquals("the server failed", line(lines).get("end").textValue());
            assertThrows(IOException.class, lines::readLine); // and no regular end
        }
        await(() -> rest.server().openStreams() == 0);
    }

    private void putBroken() {
        held.put(task("prod", "broken", broken -> broken.containers((Container) null)));
    }

    @Test
    void beatsWhileNothingHappensAndSoNoticesWhoIsGone() throws Exception {
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            assertEquals("", lines.readLine());
        }
        await(() -> rest.server().openStreams() == 0);
    }

    @Test
    void dropsWhoDoesNotReadAndGoesOnForTheOthers() throws Exception {
        try (Socket lazy = raw("/v1/stream/tasks");
                BufferedReader lines = open("/v1/stream/tasks")) {
            await(() -> rest.server().openStreams() == 2);
            int sent = 0;
            String expected = "";
            while (sent < 3_000) { // far more than the buffers of two sockets and of the server take
                expected = taskArn("prod", "web-" + sent);
                held.put(task("prod", "web-" + sent, big -> big.stoppedReason("x".repeat(6_000))));
                sent++;
                assertEquals(expected, line(lines).at("/entity/taskARN").textValue());
            }

            await(() -> rest.server().openStreams() == 1);
            assertThrows(IOException.class, () -> drain(lazy)); // cut off, no regular end
            held.put(task("prod", "last"));
            assertEquals(
                    taskArn("prod", "last"), line(lines).at("/entity/taskARN").textValue());
        }
    }

    @Test
    void opensNoMoreThanItWasAllowed() throws Exception {
        try (Rest narrow = Rest.of(held, options -> options.maxStreams = 1)) {
            try (InputStream first = narrow.open("/v1/stream/tasks").body()) {
                assertEquals(0, first.available());
                HttpResponse<String> second = narrow.get("/v1/events");

                assertEquals(503, second.statusCode());
                assertEquals("Too many streams are open (at most 1)", second.body());
            }
            await(() -> narrow.server().openStreams() == 0);
            narrow.open("/v1/stream/tasks").body().close();
        }
    }

    // Server-Sent Events

    /** Their environment variables have values, and REST redacts them by not serving the kind. */
    @Test
    void taskDefinitionsAreNotShown() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            assertTrue(Event.next(lines).isFreshness());
            held.put(
                    EntityKind.TASK_DEFINITION,
                    "prod",
                    TaskDefinition.builder().taskDefinitionArn("arn:definition").build());
            long revision = held.put(task("prod", "a"));

            assertEquals(Long.toString(revision), Event.nextChanges(lines).id());
        }
        assertEquals(404, rest.get("/v1/definitions").statusCode());
    }

    @Test
    void tellsFreshnessFirstAndThenChangesWithTheirRevisions() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            assertTrue(Event.next(lines).isFreshness());
            long revision = held.put(task("prod", "a"));

            Event event = Event.nextChanges(lines);

            assertEquals(Long.toString(revision), event.id());
            assertEquals("added", event.data().at("/changes/0/type").textValue());
            assertEquals("task", event.data().at("/changes/0/kind").textValue());
            assertEquals(taskArn("prod", "a"), event.data().at("/changes/0/arn").textValue());
            assertEquals(
                    "RUNNING", event.data().at("/changes/0/entity/lastStatus").textValue());

            held.put(task("prod", "a", 2));
            assertEquals(
                    "changed",
                    Event.nextChanges(lines).data().at("/changes/0/type").textValue());
            held.remove(taskArn("prod", "a"));
            assertEquals(
                    "removed",
                    Event.nextChanges(lines).data().at("/changes/0/type").textValue());
        }
    }

    @Test
    void resumesAfterTheLastEventThatTheBrowserHas() throws Exception {
        long first = held.put(task("prod", "a"));
        held.put(task("prod", "b"));

        try (BufferedReader lines = open("/v1/events?entityVersion=1", "Last-Event-ID", Long.toString(first))) {
            assertEquals(
                    taskArn("prod", "b"),
                    Event.nextChanges(lines).data().at("/changes/0/arn").textValue());
        }
    }

    @Test
    void resetsWhoCannotResume() throws Exception {
        held.put(task("prod", "a"));

        try (BufferedReader lines = open("/v1/events", "Last-Event-ID", "77")) {
            Event reset = Event.next(lines);

            assertEquals("reset", reset.name());
            assertEquals("1", reset.data().get("entityVersion").textValue());
            held.put(task("prod", "b"));
            assertEquals(
                    taskArn("prod", "b"),
                    Event.nextChanges(lines).data().at("/changes/0/arn").textValue());
        }
    }

    @Test
    void takesTheRevisionOfAViewThatWasEmpty() throws Exception {
        try (BufferedReader lines = open("/v1/events", "Last-Event-ID", "0")) {
            assertTrue(Event.next(lines).isFreshness());
            held.put(task("prod", "a"));
            assertEquals(
                    taskArn("prod", "a"),
                    Event.nextChanges(lines).data().at("/changes/0/arn").textValue());
        }
    }

    @Test
    void takesNoRevisionOfAnEarlierProcessForItsOwn() {
        InstantSource clock = InstantSource.system();
        long before;
        try (var store = EcsAccess.memory(clock)) {
            store.apply(List.of(Entities.upsert(EntityKind.TASK, "prod", task("prod", "a"))));
            before = store.snapshot().revision();
        }
        try (var store = EcsAccess.memory(clock)) {
            assertTrue(store.snapshot().revision() > before);
            assertTrue(store.journal().at(before).isEmpty());
        }
    }

    @Test
    void tellsFreshnessWithinASecondOfItsChange() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            assertTrue(Event.next(lines).data().get("fresh").booleanValue());
            held.confirmedAt(Instant.now().minusSeconds(3_600));

            Event event = Event.next(lines);
            while (event.data().get("fresh").booleanValue()) {
                event = Event.next(lines);
            }

            assertFalse(event.data().get("unmet").isEmpty());
        }
    }

    @Test
    void saysFarewellInItsOwnWords() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            Event.next(lines);
            rest.close();

            Event event = Event.nextNews(lines);
            assertEquals("end", event.name());
            assertEquals("the server stops", event.data().get("reason").textValue());
        }
    }

    @Test
    void endsEventsWithAnErrorWhereAChangeCannotBeTold() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            Event.next(lines);
            putBroken();

            Event event = Event.nextNews(lines);
            assertEquals("end", event.name());
            assertEquals("the server failed", event.data().get("reason").textValue());
            assertThrows(IOException.class, lines::readLine);
        }
        await(() -> rest.server().openStreams() == 0);
    }

    // helpers

    private BufferedReader open(String path, String... headers) throws InterruptedException {
        HttpResponse<InputStream> answer = rest.open(path, headers);
        assertEquals(200, answer.statusCode());
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** A connection that asks and then reads nothing. */
    private Socket raw(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), rest.port());
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void drain(Socket socket) throws IOException {
        byte[] part = new byte[65_536];
        byte[] tail = new byte[0];
        for (int read = socket.getInputStream().read(part);
                read >= 0;
                read = socket.getInputStream().read(part)) {
            tail = java.util.Arrays.copyOfRange(part, Math.max(0, read - 5), read);
        }
        if (!new String(tail, StandardCharsets.US_ASCII).endsWith("0\r\n\r\n")) {
            throw new IOException("cut");
        }
    }

    /** The next line that is no heartbeat. */
    private static JsonNode line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        for (int i = 0; i < Event.MOST_HEARTBEATS && line != null && line.isEmpty(); i++) {
            line = lines.readLine();
        }
        return Rest.parse(String.valueOf(line));
    }
}
