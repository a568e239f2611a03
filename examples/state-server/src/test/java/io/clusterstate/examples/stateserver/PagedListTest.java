package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists in parts and in the brief form, and the stream that continues them. */
@Timeout(300)
class PagedListTest extends OnHeldState {

    private static List<String> idsIn(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.get("items")
                .forEach(item -> ids.add(item.at("/entity/taskARN").textValue().replaceAll(".*/", "")));
        return ids;
    }

    private static String path(String first, JsonNode part) {
        return first + "&next=" + part.get("next").textValue();
    }

    @Test
    void comeInPartsThatTogetherAreTheList() throws InterruptedException {
        for (int i = 10; i < 17; i++) {
            held.put(task("prod", "t" + i));
        }
        String path = "/v1/tasks?limit=3";
        JsonNode first = rest.json(path);
        JsonNode second = rest.json(path(path, first));
        JsonNode third = rest.json(path(path, second));

        assertEquals(List.of("t10", "t11", "t12"), idsIn(first));
        assertEquals(List.of("t13", "t14", "t15"), idsIn(second));
        assertEquals(List.of("t16"), idsIn(third));
        assertFalse(third.has("next"));
    }

    @Test
    void haveNoNextWhenTheLastPartIsFull() throws InterruptedException {
        List.of("a", "b", "c").forEach(id -> held.put(task("prod", id)));

        JsonNode only = rest.json("/v1/tasks?limit=3");

        assertEquals(3, only.get("items").size());
        assertFalse(only.has("next"));
    }

    @Test
    void areWholeAndUnchangedWithoutALimit() throws InterruptedException {
        List.of("a", "b").forEach(id -> held.put(task("prod", id)));

        assertEquals(1, rest.json("/v1/tasks").size(), "members of the list");
    }

    /** Promise of a cursor: the parts, and the changes after the first part's revision, together miss nothing. */
    @Test
    void missNothingTogetherWithTheStreamAfterTheFirstPart() throws Exception {
        List.of("b", "d", "f", "h").forEach(id -> held.put(task("prod", id)));
        String path = "/v1/brief/tasks?limit=2";
        JsonNode first = rest.json(path);
        held.put(task("prod", "a")); // before the cursor
        held.put(task("prod", "g")); // after it
        held.remove(taskArn("prod", "b"));
        held.remove(taskArn("prod", "f"));
        JsonNode second = rest.json(path(path, first));
        String since = first.get("entityVersion").textValue();
        assertEquals(since, second.get("entityVersion").textValue());
        Set<String> tasks = new TreeSet<>(idsIn(first));
        tasks.addAll(idsIn(second));

        follow(tasks, Long.parseLong(since) + 1, held.store().snapshot().revision());

        assertEquals(Set.of("a", "d", "g", "h"), tasks);
    }

    private void follow(Set<String> tasks, long from, long to) throws Exception {
        HttpResponse<InputStream> stream = rest.open("/v1/brief/events?entityVersion=" + from);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            long seen = 0;
            while (seen < to) {
                Event event = Event.next(lines);
                for (JsonNode change : event.data().path("changes")) {
                    String id = change.get("arn").textValue().replaceAll(".*/", "");
                    if (change.get("type").textValue().equals("removed")) {
                        tasks.remove(id);
                    } else {
                        tasks.add(id);
                    }
                    seen = Long.parseLong(event.data().get("entityVersion").textValue());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', a b", "ended=false, a", "ended=true, b", "ended=false&status=stopped, ''"})
    void leaveOutWhatHasEnded(String filter, String expected) throws InterruptedException {
        held.put(task("prod", "a"));
        held.put(task("prod", "b", change -> change.lastStatus("STOPPED")));

        assertEquals(expected, String.join(" ", idsIn(rest.json("/v1/tasks?" + filter))));
    }

    @Test
    void leaveOutInstancesThatHaveEnded() throws InterruptedException {
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "0a"));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "0b", change -> change.status("INACTIVE")));

        assertEquals(1, rest.json("/v1/instances?ended=false").get("items").size());
        assertEquals(1, rest.json("/v1/brief/instances?ended=true").get("items").size());
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, Invalid limit (expected: 1 to 5000)",
        "limit=5001, Invalid limit (expected: 1 to 5000)",
        "limit=x, Invalid limit (expected: 1 to 5000)",
        "limit=, Invalid limit (expected: 1 to 5000)",
        "next=x, Invalid next (expected: that of an earlier answer)",
        "next=0-a, Invalid next (expected: that of an earlier answer)",
        "next=99999999999999999999-YQ, Invalid next (expected: that of an earlier answer)",
        "next=999999-YQ, Entity version is out of range",
        "ended=maybe, Invalid ended (expected: true or false)"
    })
    void refuseAPartThatIsNone(String parameter, String text) throws InterruptedException {
        for (String kind : List.of("tasks", "instances", "services", "clusters", "brief/tasks", "brief/instances")) {
            HttpResponse<String> answer = rest.get("/v1/" + kind + "?" + parameter);

            assertEquals(400, answer.statusCode(), kind);
            assertEquals(text, answer.body(), kind);
        }
    }

    /** Five thousand tasks fit 5 MB. */
    @Test
    void areBriefWhereAnOverviewNeedsLittle() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            held.put(task("prod", String.format("%032x", i)));
            held.put(EntityKind.INSTANCE, "prod", instance("prod", String.format("%032x", i)));
        }

        assertTrue(bytes("tasks") / 100 <= 800, "bytes of a task: " + bytes("tasks") / 100);
        assertTrue(bytes("instances") / 100 <= 1_000, "bytes of an instance: " + bytes("instances") / 100);
        assertFalse(rest.get("/v1/brief/tasks").body().contains("containers\""));
    }

    private int bytes(String kind) throws InterruptedException {
        return rest.get("/v1/brief/" + kind).body().length();
    }

    @Test
    void sayHowManyTasksHaveEndedWithoutListingThem() throws Exception {
        held.put(task("prod", "a", change -> change.lastStatus("STOPPED")));
        held.put(task("prod", "b", change -> change.lastStatus("DELETED")));
        HttpResponse<InputStream> stream = rest.open("/v1/brief/events");

        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertEquals(2, next(lines, "ended").at("/tasks/0/count").intValue());
            held.remove(taskArn("prod", "a"));
            assertEquals(1, next(lines, "ended").at("/tasks/0/count").intValue());
        }
    }

    private static JsonNode next(BufferedReader lines, String name) throws Exception {
        Event event;
        do {
            event = Event.next(lines);
        } while (!event.name().equals(name));
        return event.data();
    }
}
