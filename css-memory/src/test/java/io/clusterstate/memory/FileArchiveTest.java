package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.serviceArn;
import static io.clusterstate.memory.FakeArns.taskArn;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.ServiceNotice;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.FileArchive;
import io.clusterstate.archive.HistoryStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** An archive of files beside a view: what it records, once, and what it answers when the view has forgotten. */
class FileArchiveTest {

    private static final FileArchive.Options OPTIONS = FileArchive.Options.DEFAULT;

    private final FakeClusterState fake = new FakeClusterState();

    @TempDir
    private Path directory;

    private FileArchive archive;

    @BeforeEach
    void open() throws IOException {
        archive = FileArchive.open(directory, OPTIONS, fake.clock());
    }

    @AfterEach
    void close() {
        archive.close();
        fake.subscribers().assertNoFailures();
        fake.close();
    }

    private void reopen() throws IOException {
        archive.close();
        open();
    }

    private static List<String> idsOf(List<EndedTask> tasks) {
        return tasks.stream().map(task -> task.taskArn().replaceAll(".*/", "")).toList();
    }

    private List<String> recorded() {
        return idsOf(archive.tasks().last(100)).stream().sorted().toList();
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static String texts(List<HistoryStep> steps) {
        return String.join("; ", steps.stream().map(HistoryStep::text).toList());
    }

    @Test
    void recordsEachEndedTaskOnceWhenverItEnded() throws IOException {
        fake.put(task("before").stopped());
        fake.put(task("alive"));
        archive.follow(fake.view());
        fake.put(task("during"));
        fake.put(task("during").stopped());
        fake.changeTask(taskArn("during"), changes -> changes.cpu("1"));

        assertEquals(List.of("before", "during"), recorded());

        reopen();
        fake.put(task("between").stopped());
        archive.follow(fake.view());

        assertEquals(List.of("before", "between", "during"), recorded());
        assertEquals(
                3,
                lines().stream()
                        .filter(line -> line.contains("\"kind\":\"task\""))
                        .count());
    }

    @Test
    void recordsAViewThatBecomesReadyLater() {
        fake.notReady();
        archive.follow(fake.view());
        fake.put(task("a").stopped());
        assertEquals(List.of(), recorded());

        fake.ready();

        assertEquals(List.of("a"), recorded());
    }

    @Test
    void answersAboutATaskThatEverybodyForgot() throws IOException {
        archive.follow(fake.view());
        fake.put(task("a").ofService("web"));
        fake.put(task("a").ofService("web").stopped().with(changes -> changes.stoppedReason("by hand")));
        fake.remove(taskArn("a"));
        reopen();

        String why = texts(archive.why(taskArn("a")));

        assertTrue(why.contains("RUNNING → STOPPED"), why);
        assertTrue(why.endsWith("stopped") || why.contains("stopped;"), why);
        assertEquals(List.of("a"), idsOf(archive.of("web").last(50)));
        assertEquals("by hand", archive.task(taskArn("a")).orElseThrow().stoppedReason());
        assertEquals(List.of(), archive.why(taskArn("b")));
    }

    @Test
    void recordsATaskWhoseEndNobodySaw() {
        archive.follow(fake.view());
        fake.put(task("a"));
        fake.remove(taskArn("a"));

        EndedTask record = archive.task(taskArn("a")).orElseThrow();

        assertEquals("RUNNING", record.lastStatus());
        assertTrue(texts(archive.why(taskArn("a"))).contains("removed from the view: MISSING"));
    }

    @Test
    void writesNoSecret() throws IOException {
        archive.follow(fake.view());
        fake.put(task("a")
                .stopped()
                .with(changes -> changes.overrides(TaskOverride.builder()
                        .containerOverrides(ContainerOverride.builder()
                                .name("web")
                                .command("login", "hunter2")
                                .environment(KeyValuePair.builder()
                                        .name("TOKEN")
                                        .value("hunter2")
                                        .build())
                                .build())
                        .build())));

        assertEquals(List.of("a"), recorded());
        assertFalse(lines().toString().contains("hunter2"));
    }

    @Test
    void notesAGapAfterAReset() throws IOException {
        archive.follow(fake.view());
        fake.put(task("a"));
        fake.subscribers().pause();
        fake.put(task("a").stopped());
        fake.subscribers().reset();
        fake.subscribers().resume();

        assertEquals(List.of("a"), recorded());
        assertEquals(1, archive.status().gaps());
        assertTrue(lines().stream().anyMatch(line -> line.contains("\"kind\":\"gap\"")), lines()::toString);
    }

    @Test
    void notesAGapAfterALongTimeWithoutAnArchive() throws IOException {
        archive.follow(fake.view());
        fake.put(task("a").stopped());
        fake.advance(Duration.ofMinutes(50));
        reopen();
        archive.follow(fake.view());
        assertEquals(0, archive.status().gaps());

        fake.advance(Duration.ofMinutes(50));
        reopen();
        archive.follow(fake.view());

        assertEquals(1, archive.status().gaps());
    }

    @Test
    void recordsEventsAndNoticesOfServices() throws IOException {
        archive.follow(fake.view());
        ServiceEvent first = event("1", 1);
        fake.put(service("web").with(changes -> changes.events(first)));
        fake.changeService(serviceArn("web"), changes -> changes.events(event("2", 2), first));
        fake.deliver(new ServiceNotice(
                serviceArn("web"),
                FakeArns.clusterArn("default"),
                Optional.of("WARN"),
                "SERVICE_TASK_PLACEMENT_FAILURE",
                Optional.of("no room"),
                FakeClusterState.START));
        fake.remove(serviceArn("web"));
        reopen();

        List<HistoryStep> steps = archive.why(serviceArn("web"));

        assertEquals(3, steps.size(), steps::toString);
        assertEquals("SERVICE_TASK_PLACEMENT_FAILURE; message 1; message 2", texts(steps));
        assertEquals("no room", steps.get(0).reason());
    }

    private static ServiceEvent event(String id, int second) {
        return ServiceEvent.builder()
                .id(id)
                .createdAt(FakeClusterState.START.plusSeconds(second))
                .message("message " + id)
                .build();
    }

    @Test
    void followsOneViewAndNoneAfterItsEnd() {
        archive.follow(fake.view());
        assertThrows(IllegalStateException.class, () -> archive.follow(fake.view()));
        archive.close();
        archive.close();
        fake.put(task("late").stopped());

        assertEquals(List.of(), recorded());
        assertThrows(IllegalStateException.class, () -> archive.follow(fake.view()));
    }

    @Test
    void refusesBoundsThatHoldNothing() {
        assertThrows(IllegalArgumentException.class, () -> new FileArchive.Options(1, Duration.ofDays(1)));
        assertThrows(IllegalArgumentException.class, () -> new FileArchive.Options(1 << 20, Duration.ZERO));
    }

    @Test
    void showsTheStateAtAnEarlierRevision() {
        fake.put(task("a"));
        Snapshot then = fake.view().snapshot();
        fake.put(task("b"));
        fake.remove(taskArn("a"));
        Snapshot now = fake.view().snapshot();

        assertEquals(then.revision(), fake.view().snapshotAt(then.revision()).revision());
        assertTrue(fake.view().snapshotAt(then.revision()).task("a").isPresent());
        assertTrue(fake.view().snapshotAt(then.revision() + 1).task("b").isPresent());
        assertEquals(now.revision(), fake.view().snapshotAt(now.revision()).revision());
        assertThrows(RevisionOutOfRangeException.class, () -> fake.view().snapshotAt(now.revision() + 1));
        assertThrows(RevisionOutOfRangeException.class, () -> fake.view().snapshotAt(-1));
    }
}
