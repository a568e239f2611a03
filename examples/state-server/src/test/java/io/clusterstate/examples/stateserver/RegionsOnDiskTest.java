package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.TwoRegions.EU;
import static io.clusterstate.examples.stateserver.TwoRegions.US;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.Task;

/** The history of two Regions, each with an archive of its own on disk. */
@Timeout(300)
class RegionsOnDiskTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final TwoRegions regions = new TwoRegions();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        regions.close();
    }

    private Rest open() {
        return Rest.of(regions.source, options -> {
            options.archive = directory;
            options.archiveAge = Duration.ofDays(36_500);
        });
    }

    private static Task stopped(String cluster, String id, String service, int minute) {
        return task(cluster, id, changes -> changes.group("service:" + service)
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stoppedReason("gone")
                .stoppedAt(NOON.plusSeconds(60L * minute)));
    }

    private static JsonNode json(Rest rest, String path) {
        try {
            return rest.json(path);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitRecorded(Rest rest, int tasks) {
        Await.await(() -> json(rest, "/v1/history/tasks").get("total").intValue() == tasks);
    }

    private static List<String> arns(JsonNode list) {
        List<String> arns = new ArrayList<>();
        list.get("items").forEach(item -> arns.add(item.get("taskARN").textValue()));
        return arns;
    }

    /** Three tasks of the service web and one of another, in both Regions. */
    private void fill() {
        regions.putEu(stopped(EU, "a", "web", 1));
        regions.putUs(stopped(US, "b", "web", 2));
        regions.putEu(stopped(EU, "c", "other", 3));
        regions.putEu(stopped(EU, "d", "web", 4));
    }

    /** The archives need no views. */
    private void forget() {
        regions.eu.loading();
        regions.us.loading();
    }

    @Test
    void aServiceOfBothRegionsIsFoundAfterARestart() throws InterruptedException {
        String second;
        try (Rest rest = open()) {
            fill();
            awaitRecorded(rest, 4);
            second = rest.json("/v1/history/tasks?service=web&limit=1")
                    .get("next")
                    .textValue();
        }
        forget();

        try (Rest rest = open()) {
            JsonNode all = rest.json("/v1/history/tasks?service=web");
            assertEquals(List.of(taskArn(EU, "d"), taskArn(US, "b"), taskArn(EU, "a")), arns(all));
            assertEquals(3, all.get("total").intValue());
            assertEquals("archive", all.get("source").textValue());
            assertFalse(all.has("missing"));
            JsonNode page = rest.json("/v1/history/tasks?service=web&limit=1&next=" + second);
            assertEquals(List.of(taskArn(US, "b")), arns(page));
            page = rest.json("/v1/history/tasks?service=web&limit=5&next="
                    + page.get("next").textValue());
            assertEquals(List.of(taskArn(EU, "a")), arns(page));
            assertFalse(page.has("next"));
        }
    }

    @Test
    void causesAndTimelinesOfBothRegionsAreFoundAfterARestart() throws InterruptedException {
        try (Rest rest = open()) {
            fill();
            awaitRecorded(rest, 4);
        }
        forget();

        try (Rest rest = open()) {
            JsonNode causes = rest.json("/v1/history/reasons?service=web").get("items");
            assertEquals(2, causes.size());
            assertEquals(2, causes.at("/0/tasks").intValue());
            assertEquals(taskArn(US, "b"), causes.at("/1/example").textValue());
            assertTrue(rest.get("/v1/history?arn=" + taskArn(US, "b")).body().contains("gone"));
            assertEquals(
                    List.of(taskArn(US, "b")), arns(rest.json("/v1/history/tasks?sameCauseAs=" + taskArn(US, "b"))));
        }
    }

    @Test
    void aRegionWritesToADirectoryOfItsOwn() throws IOException {
        try (Rest rest = open()) {
            fill();
            awaitRecorded(rest, 4);

            assertEquals(3, tasksIn("eu-west-1"));
            assertEquals(1, tasksIn("us-east-1"));
            JsonNode archives = json(rest, "/v1/status").get("archives");
            assertEquals(List.of("eu-west-1", "us-east-1"), archives.findValuesAsText("name"));
            assertEquals(3, archives.at("/0/archive/tasks").intValue());
            assertEquals(1, archives.at("/1/archive/tasks").intValue());
        }
    }

    private long tasksIn(String region) throws IOException {
        try (Stream<String> lines = Files.lines(file(region))) {
            return lines.filter(line -> line.contains(":ecs:" + region + ":")).count();
        }
    }

    private Path file(String region) {
        return directory.resolve(region).resolve("history-000000001.jsonl");
    }

    @Test
    @DisabledOnOs(value = OS.MAC, disabledReason = "no /dev/full")
    void aRegionWhoseDiskIsFullIsNamedAndKeepsItsRecordsForLater() throws IOException, InterruptedException {
        try (Rest rest = open()) {
            List<Path> full = fillDisk(directory.resolve("us-east-1"));
            fill();
            Await.await(() -> json(rest, "/v1/history/tasks").has("missing"));
            awaitRecorded(rest, 3);

            JsonNode all = rest.json("/v1/history/tasks?service=web");
            assertEquals(List.of(taskArn(EU, "d"), taskArn(EU, "a")), arns(all));
            assertEquals("[\"us-east-1\"]", all.get("missing").toString());
            assertEquals(
                    "[\"us-east-1\"]",
                    rest.json("/v1/history/reasons").get("missing").toString());
            assertFalse(rest.json("/v1/history/tasks?cluster=" + EU).has("missing"));
            JsonNode archives = rest.json("/v1/status").get("archives");
            assertFalse(archives.at("/0/archive").has("problem"));
            assertTrue(archives.at("/1/archive/problem").textValue().contains("No space left"), archives::toString);

            for (Path each : full) {
                Files.deleteIfExists(each); // the archive deletes a file that it could not write
            }
            regions.putUs(stopped(US, "e", "web", 5));
            awaitRecorded(rest, 5);
            Await.await(() -> !json(rest, "/v1/history/tasks").has("missing"));
        }
        forget();
        try (Rest rest = open()) {
            assertEquals(
                    List.of(taskArn(US, "e"), taskArn(EU, "d"), taskArn(US, "b"), taskArn(EU, "a")),
                    arns(rest.json("/v1/history/tasks?service=web")));
        }
    }

    /** The names of the next files lead to a device that is always full. */
    private static List<Path> fillDisk(Path archive) throws IOException {
        List<Path> full = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            full.add(Files.createSymbolicLink(
                    archive.resolve("history-%09d.jsonl".formatted(number)), Path.of("/dev/full")));
        }
        return full;
    }

    @Test
    void aSpoiltFileOfARegionTakesNothingFromTheOther() throws IOException, InterruptedException {
        try (Rest rest = open()) {
            fill();
            awaitRecorded(rest, 4);
        }
        forget();
        Files.writeString(file("us-east-1"), "no JSON\n{\"kind\":");
        Files.writeString(file("eu-west-1"), "no JSON\n{\"kind\":", StandardOpenOption.APPEND);

        try (Rest rest = open()) {
            assertEquals(List.of(taskArn(EU, "d"), taskArn(EU, "a")), arns(rest.json("/v1/history/tasks?service=web")));
            assertEquals(3, rest.json("/v1/history/tasks").get("total").intValue());
        }
    }

    @Test
    void aDirectoryThatIsNoneIsNamedAndTheOthersAreFreeAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("us-east-1"), "x");

        RuntimeException refused = assertThrows(RuntimeException.class, this::open);

        assertTrue(refused.getMessage().contains("--archive: " + file), refused.getMessage());
        Files.delete(file);
        open().close();
    }
}
