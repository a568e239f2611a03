package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.TwoRegions.EU;
import static io.clusterstate.examples.stateserver.TwoRegions.US;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over several Regions, which resume after the revision of each. */
@Timeout(300)
class SeveralStreamsTest {

    private final TwoRegions regions = new TwoRegions();
    private final Rest rest = Rest.of(regions.source);

    @AfterEach
    void stop() {
        rest.close();
        regions.close();
    }

    private BufferedReader open(String path, String... headers) throws InterruptedException {
        HttpResponse<java.io.InputStream> answer = rest.open(path, headers);
        assertEquals(200, answer.statusCode());
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String arn(Event event) {
        return event.data().at("/changes/0/arn").textValue();
    }

    private static JsonNode line(BufferedReader lines) throws java.io.IOException {
        String line = lines.readLine();
        while (line.isEmpty()) { // a heartbeat
            line = lines.readLine();
        }
        return Rest.parse(line);
    }

    @Test
    void anEventHasThePlaceAndTheRevisionsOfAll() throws Exception {
        try (BufferedReader lines = open("/v1/events")) {
            assertTrue(Event.next(lines).isFreshness());
            regions.putUs(task(US, "a"));

            Event event = Event.nextChanges(lines);

            assertEquals("us-east-1", event.data().get("place").textValue());
            assertEquals("2", event.data().get("entityVersion").textValue());
            assertEquals("eu-west-1:1,us-east-1:2", event.id());
            regions.putEu(task(EU, "b"));
            assertEquals("eu-west-1:2,us-east-1:2", Event.nextChanges(lines).id());
        }
    }

    @Test
    void aClientResumesInEachRegionWhereItWas() throws Exception {
        String last;
        try (BufferedReader lines = open("/v1/events")) {
            assertTrue(Event.next(lines).isFreshness());
            regions.putUs(task(US, "seen"));
            last = Event.nextChanges(lines).id();
        }
        regions.putUs(task(US, "missed"));
        regions.putEu(task(EU, "missed"));

        try (BufferedReader lines = open("/v1/events", "Last-Event-ID", last)) {
            Set<String> missed = new HashSet<>();
            missed.add(arn(Event.nextChanges(lines)));
            Event second = Event.nextChanges(lines);
            missed.add(arn(second));
            assertEquals(Set.of(taskArn(US, "missed"), taskArn(EU, "missed")), missed);
            assertEquals(regions.revisions(), second.id());
        }
    }

    @Test
    void aRegionThatCannotResumeIsResetByNameAndTheOtherResumes() throws Exception {
        regions.putEu(task(EU, "missed"));
        try (BufferedReader lines = open("/v1/events?after=eu-west-1:1,us-east-1:77")) {
            Event reset = Event.next(lines);

            assertEquals("reset", reset.name());
            assertEquals("us-east-1", reset.data().get("place").textValue());
            assertEquals("1", reset.data().get("entityVersion").textValue());
            assertEquals("eu-west-1:1,us-east-1:1", reset.id());
            Event missed = Event.nextChanges(lines);
            assertEquals(taskArn(EU, "missed"), arn(missed));
            assertEquals("eu-west-1:2,us-east-1:1", missed.id()); // with the old one, the next stream would reset again
        }
    }

    @Test
    void aRegionThatTheClientDoesNotKnowIsReset() throws Exception {
        try (BufferedReader lines = open("/v1/events?after=eu-west-1:1")) {
            Event reset = Event.next(lines);
            assertEquals("reset", reset.name());
            assertEquals("us-east-1", reset.data().get("place").textValue());
        }
        try (BufferedReader lines = open("/v1/events", "Last-Event-ID", "12")) { // of a server of one Region
            assertEquals("eu-west-1", Event.next(lines).data().get("place").textValue());
            assertEquals("us-east-1", Event.next(lines).data().get("place").textValue());
        }
    }

    @Test
    void aRegionThatBecomesReadyBeginsWithAResetWhileTheOtherIsLive() throws Exception {
        regions.us.loading();
        try (BufferedReader lines = open("/v1/events?after=eu-west-1:1")) {
            assertTrue(Event.next(lines).isFreshness());
            regions.putEu(task(EU, "a"));
            assertEquals("eu-west-1:2", Event.nextChanges(lines).id());

            regions.us.loaded();
            regions.putUs(task(US, "b"));

            Event reset = Event.nextNews(lines);
            assertEquals("reset", reset.name());
            assertEquals("us-east-1", reset.data().get("place").textValue());
        }
    }

    @Test
    void aRegionThatHasEndedEndsNoStreamOfTheOthers() throws Exception {
        regions.us.close();
        try (BufferedReader lines = open("/v1/events?after=eu-west-1:1,us-east-1:1")) {
            assertFalse(Event.next(lines).data().at("/places/1/ready").booleanValue());
            regions.putEu(task(EU, "a"));
            assertEquals(taskArn(EU, "a"), arn(Event.nextChanges(lines)));
        }
    }

    @Test
    void noRegionReadyIsNoStream() throws Exception {
        regions.eu.loading();
        regions.us.loading();

        assertEquals(503, rest.get("/v1/events").statusCode());
    }

    @Test
    void aLineHasTheCursorWithWhichAClientResumes() throws Exception {
        String cursor;
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            regions.putUs(task(US, "a"));
            JsonNode line = line(lines);
            assertEquals("2", line.at("/metadata/entityVersion").textValue());
            cursor = line.at("/metadata/cursor").textValue();
            assertEquals("eu-west-1:1,us-east-1:2", cursor);
        }
        regions.putEu(task(EU, "b"));

        try (BufferedReader lines = open("/v1/stream/tasks?after=" + cursor)) {
            assertEquals(taskArn(EU, "b"), line(lines).at("/entity/taskARN").textValue());
        }
    }

    @Test
    void lineStreamsRefuseWhatTheyCannotResume() throws Exception {
        assertEquals(
                "Entity version is out of range",
                rest.get("/v1/stream/tasks?after=eu-west-1:1").body());
        assertEquals(
                "Entity version is out of range",
                rest.get("/v1/stream/tasks?after=eu-west-1:1,us-east-1:77").body());
        assertEquals(
                "Invalid entity version (expected: after, with several Regions or accounts)",
                rest.get("/v1/stream/tasks?entityVersion=1").body());
        assertEquals(
                "Invalid entity version",
                rest.get("/v1/stream/tasks?after=eu-west-1").body());
        await(() -> rest.server().openStreams() == 0);
    }

    @Test
    void lineStreamsHaveEveryRegionOrNone() throws Exception {
        regions.us.loading();

        HttpResponse<String> answer = rest.get("/v1/stream/tasks");

        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("us-east-1"), answer.body());
    }

    @Test
    void thePagesEventsCountTheEndedTasksOfAllRegions() throws Exception {
        regions.putEu(task(EU, "a", change -> change.lastStatus("STOPPED")));
        regions.putUs(task(US, "b", change -> change.lastStatus("STOPPED")));
        try (BufferedReader lines = open("/v1/brief/events")) {
            Event ended = Event.next(lines);

            assertEquals("ended", ended.name());
            assertEquals(2, ended.data().get("tasks").size());
            assertEquals(EU, ended.data().at("/tasks/0/clusterARN").textValue());
            assertEquals(regions.revisions(), ended.data().get("entityVersion").textValue());
        }
    }

    @Test
    void aStaleRegionIsNoReasonForTheOthersToBeSilent() throws Exception {
        regions.us.confirmedAt(Instant.now().minusSeconds(7_200));
        regions.us.cutOff();
        try (BufferedReader lines = open("/v1/events")) {
            Event fresh = Event.next(lines);
            assertEquals("STALE", fresh.data().at("/places/1/store/state").textValue());
            assertFalse(fresh.data().at("/places/1/fresh").booleanValue());
            regions.putEu(task(EU, "a"));
            assertEquals(taskArn(EU, "a"), arn(Event.nextChanges(lines)));
        }
    }
}
