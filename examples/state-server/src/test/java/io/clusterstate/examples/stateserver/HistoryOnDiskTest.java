package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

/** The history over HTTP, from an archive on disk. */
class HistoryOnDiskTest {

    private final Held held = new Held();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        held.close();
    }

    private Rest open() {
        return Rest.of(held, options -> options.archive = directory);
    }

    private static int recorded(Rest rest) {
        try {
            return rest.json("/v1/history/tasks").get("total").intValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answersAfterARestartAboutATaskThatTheViewForgot() throws InterruptedException {
        String arn = taskArn("prod", "a");
        try (Rest rest = open()) {
            held.put(task("prod", "a"));
            held.put(task("prod", "a", changes -> changes.version(2L)
                    .lastStatus("STOPPED")
                    .stopCode("UserInitiated")
                    .stoppedReason("by hand")
                    .stoppedAt(Instant.now())));
            Await.await(() -> recorded(rest) == 1);
        }
        held.remove(arn);
        held.loading(); // the archive needs no view

        try (Rest rest = open()) {
            JsonNode answer = rest.json("/v1/history/tasks?service=web&reason=hand");
            assertEquals("archive", answer.get("source").textValue());
            assertEquals(arn, answer.at("/items/0/taskARN").textValue());
            assertEquals(1, rest.json("/v1/history/reasons").get("total").intValue());
            assertTrue(rest.get("/v1/history?arn=" + arn).body().contains("by hand"));
        }
    }

    @Test
    void showsTheArchiveInStatusAndMetrics() throws InterruptedException {
        try (Rest rest = open()) {
            held.put(task("prod", "a", changes -> changes.lastStatus("STOPPED").stoppedAt(Instant.now())));
            Await.await(() -> recorded(rest) == 1);
            Await.await(() -> tasksIn(rest) == 1);

            assertTrue(rest.json("/v1/status").at("/archive/bytes").intValue() > 100);
            assertTrue(rest.get("/metrics").body().contains("css_archive_tasks 1.0"));
        }
        try (Rest rest = Rest.of(held)) {
            assertFalse(rest.json("/v1/status").has("archive"));
        }
    }

    private static int tasksIn(Rest rest) {
        try {
            return rest.json("/v1/status").at("/archive/tasks").intValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesADirectoryThatIsNone() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");

        RuntimeException refused =
                assertThrows(RuntimeException.class, () -> Rest.of(held, options -> options.archive = file));

        assertTrue(refused.getMessage().contains("--archive: " + file), refused.getMessage());
    }

    @Test
    void takesItsOptionsFromTheCommandLine() {
        StateServer server = new StateServer(Map.of());
        StateServer.commandLine(server).parseArgs("--simulate", "--archive", "x", "--archive-size", "2g");

        assertEquals(Path.of("x"), server.options().archive);
        assertEquals(2L << 30, server.options().archiveSize);
        assertEquals(720, server.options().archiveAge.toHours());
        assertThrows(
                ParameterException.class, () -> StateServer.commandLine(server).parseArgs("--archive-size", "-1"));
        server.options().archiveSize = 1_024;
        assertThrows(IllegalArgumentException.class, server.options()::validate);
    }
}
