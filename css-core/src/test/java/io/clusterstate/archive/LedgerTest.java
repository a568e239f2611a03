package io.clusterstate.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.archive.EndedTask.Container;
import io.clusterstate.archive.HistoryStep.What;
import io.clusterstate.archive.RecordJson.GapLine;
import io.clusterstate.archive.RecordJson.StepLine;
import io.clusterstate.archive.RecordJson.TaskLine;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The files of an archive: torn lines, bounds, failures, and the index against a model. */
class LedgerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    private Path directory;

    private Instant now = NOON;

    private Ledger open() throws IOException {
        return open(256 * MEBIBYTE, Duration.ofDays(30));
    }

    private Ledger open(long bytes, Duration age) throws IOException {
        Ledger ledger = new Ledger(directory, bytes, age, () -> now);
        ledger.load();
        return ledger;
    }

    static EndedTask ended(String id, Instant at) {
        return ended(id, at, "web", "Essential container in task exited", 1);
    }

    static EndedTask ended(String id, Instant at, String service, @Nullable String reason, @Nullable Integer code) {
        return new EndedTask(
                Entities.taskArn("prod", id),
                Entities.clusterArn("prod"),
                "service:" + service,
                Entities.taskDefinitionArn("prod", service, 7),
                "EC2",
                Entities.instanceArn("prod", "1"),
                "i-1",
                "eu-west-1a",
                "STOPPED",
                "EssentialContainerExited",
                reason,
                List.of(new Container("web", "shop/cart:7", code, null), new Container(null, null, null, "ü\n\"")),
                at.minusSeconds(60),
                at.minusNanos(59_123_456_789L),
                null,
                at,
                at,
                List.of(
                        new HistoryStep(at, What.STATUS, "RUNNING → STOPPED", reason, 1_795_780_891_281_835L),
                        new HistoryStep(at, What.ADDED, "RUNNING", null, 0)));
    }

    private static List<EndedTask> all(Ledger ledger) {
        return ledger.catalogue().newest(TaskFilter.ALL, Integer.MAX_VALUE).stream()
                .map(entry -> ledger.task(entry.place()))
                .toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void readsWhatItWrote() throws IOException {
        StepLine notice = new StepLine("arn:s", null, new HistoryStep(NOON, What.NOTICE, "PLACEMENT", "no room", 0));
        StepLine event = new StepLine("arn:s", "id-1", new HistoryStep(NOON, What.EVENT, "steady", null, 0));
        try (Ledger ledger = open()) {
            ledger.append(new TaskLine(ended("a", NOON)));
            ledger.append(notice);
            ledger.append(new GapLine(NOON, "words"));
            ledger.append(event);
            ledger.append(new TaskLine(ended("b", NOON.plusSeconds(1))));
        }
        try (Ledger ledger = open()) {
            assertEquals(List.of(ended("b", NOON.plusSeconds(1)), ended("a", NOON)), all(ledger));
            assertEquals(List.of(notice.step(), event.step()), ledger.stepsOf("arn:s"));
            assertTrue(ledger.hasEvent("arn:s", "id-1"));
            assertFalse(ledger.hasEvent("arn:s", "id-2"));
            assertTrue(ledger.hasTask(Entities.taskArn("prod", "a")));
            assertEquals(1, ledger.status().causes());
        }
        assertEquals(5, Files.readAllLines(files().get(0)).size());
        assertEquals(1, files().size());
    }

    @Test
    void losesAtMostTheLastLineWhereverItsWriteWasBrokenOff() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(new TaskLine(ended("a", NOON)));
            ledger.append(new TaskLine(ended("b", NOON)));
        }
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        int second = RecordJson.write(new TaskLine(ended("a", NOON))).length;
        for (int length = second; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (Ledger ledger = open()) {
                assertEquals(List.of(ended("a", NOON)), all(ledger), "torn at " + length);
                ledger.append(new TaskLine(ended("b", NOON)));
                assertEquals(2, all(ledger).size());
            }
            assertEquals(new String(whole, StandardCharsets.UTF_8), Files.readString(file), "torn at " + length);
        }
    }

    @Test
    void skipsALineThatCannotBeRead() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(new TaskLine(ended("a", NOON)));
        }
        String huge = Files.readString(files().get(0)).replaceFirst("\"exitCode\":1", "\"exitCode\":99999999999");
        Files.writeString(files().get(0), huge, StandardOpenOption.APPEND);
        Files.writeString(files().get(0), "{\"kind\":\"later\"}\n{}\n[1]\nx\n\n", StandardOpenOption.APPEND);
        try (Ledger ledger = open()) {
            ledger.append(new TaskLine(ended("b", NOON)));
        }
        try (Ledger ledger = open()) {
            assertEquals(2, all(ledger).size());
            assertEquals(Files.size(files().get(0)), ledger.status().bytes());
        }
    }

    @Test
    void deletesTheOldestFilesBeyondTheSize() throws IOException {
        long bytes = 128 * 1024;
        try (Ledger ledger = open(bytes, Duration.ofDays(30))) {
            for (int i = 0; i < 500; i++) {
                ledger.append(new TaskLine(ended("t" + i, NOON.plusSeconds(i))));
                ledger.settle();
                assertTrue(ledger.status().bytes() <= bytes, ledger.status().toString());
            }
            List<EndedTask> left = all(ledger);
            assertEquals("t499", left.get(0).taskArn().replaceAll(".*/", ""));
            assertTrue(left.size() > 100 && left.size() < 500, left.size() + " left");
            assertEquals(ledger.catalogue().size(), left.size());
            assertFalse(ledger.hasTask(Entities.taskArn("prod", "t0")));
            assertEquals(ledger.status().segments(), files().size());
        }
    }

    @Test
    void deletesFilesBeyondTheAge() throws IOException {
        try (Ledger ledger = open(256 * MEBIBYTE, Duration.ofDays(16))) {
            for (int day = 0; day < 40; day++) {
                now = NOON.plus(Duration.ofDays(day));
                ledger.append(new TaskLine(ended("t" + day, now)));
                ledger.settle();
            }
            Instant oldest = all(ledger).get(all(ledger).size() - 1).endedAt();
            Duration age = Duration.between(oldest, now);
            assertTrue(age.toDays() >= 16 && age.toDays() <= 18, age.toString());
        }
        now = now.plus(Duration.ofDays(40));
        try (Ledger ledger = open(256 * MEBIBYTE, Duration.ofDays(16))) {
            assertTrue(ledger.status().tasks() <= 2, ledger.status().toString());
        }
    }

    /** The name of the next file leads to a device that is always full. */
    private void fill(int number) throws IOException {
        Files.createSymbolicLink(directory.resolve("history-00000000" + number + ".jsonl"), Path.of("/dev/full"));
    }

    @Test
    @DisabledOnOs(value = OS.MAC, disabledReason = "no /dev/full")
    void keepsRecordsWhileTheDiskIsFull() throws IOException {
        try (Ledger ledger = open()) {
            fill(1);
            fill(2);
            ledger.append(new TaskLine(ended("a", NOON)));
            ledger.settle();

            assertTrue(ledger.status().problem().orElseThrow().contains("No space left"), ledger.status()::toString);
            assertEquals(1, ledger.status().waiting());
            assertTrue(ledger.hasTask(Entities.taskArn("prod", "a")));
            assertEquals(2, ledger.status().failures());

            ledger.append(new TaskLine(ended("b", NOON)));
            ledger.settle();

            ArchiveStatus status = ledger.status();
            assertEquals(new ArchiveStatus(2, 1, status.bytes(), 1, 0, 0, 0, 2, Optional.empty()), status);
            assertEquals(2, all(ledger).size());
        }
        assertEquals(List.of(directory.resolve("history-000000003.jsonl")), files());
        try (Ledger ledger = open()) {
            assertEquals(2, all(ledger).size());
        }
    }

    @Test
    @DisabledOnOs(value = OS.MAC, disabledReason = "no /dev/full")
    void givesUpTheOldestRecordsIfTheDiskStaysFull() throws IOException {
        try (Ledger ledger = open()) {
            for (int i = 1; i <= 3; i++) {
                fill(i);
            }
            for (int i = 0; i < 10_007; i++) {
                ledger.append(new TaskLine(ended("t" + i, NOON)));
            }
            ledger.settle();

            assertEquals(10_000, ledger.status().waiting());
            assertEquals(7, ledger.status().lost());
            assertFalse(ledger.hasTask(Entities.taskArn("prod", "t6")), "a lost task may come again");
            assertTrue(ledger.hasTask(Entities.taskArn("prod", "t7")));
        }
    }

    @Test
    void hasOneWriterAmongProcessesAndInOne() throws Exception {
        try (FileArchive archive = FileArchive.open(directory)) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> FileArchive.open(directory));
            assertTrue(refused.getMessage().contains("expected: no other writer"), refused.getMessage());
            try (Child child = Child.start(EndlessWriter.class, List.of(directory.toString()))) {
                Await.await(() -> !child.isAlive());
                Await.await(() -> child.lines()
                        .toString()
                        .contains("is written by process "
                                + ProcessHandle.current().pid()));
            }
            assertEquals(0, archive.status().tasks());
        }
        FileArchive.open(directory).close();
    }

    /** Writes tasks t0, t1, … and prints the number of each that is written. */
    static final class EndlessWriter {

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            DirectoryLock lock = DirectoryLock.take(directory);
            Ledger ledger = new Ledger(directory, 256 * MEBIBYTE, Duration.ofDays(30), () -> NOON);
            ledger.load();
            for (int i = 0; i < 1_000_000; i++) {
                ledger.append(new TaskLine(ended("t" + i, NOON.plusMillis(i))));
                System.out.println("written " + i);
            }
            lock.close();
        }
    }

    @Test
    void losesNothingThatWasWrittenBeforeAKill() throws Exception {
        int times = Soak.size("kills", 3, 30);
        Random random = new Random();
        for (int i = 0; i < times; i++) {
            try (Child child = Child.start(EndlessWriter.class, List.of(directory.toString()))) {
                int most = 50 + random.nextInt(3_000);
                Await.await(() -> child.hasPrinted("written") && child.lines().size() > most);
                child.kill();
                long printed = child.lines().stream()
                        .filter(line -> line.matches("written \\d+"))
                        .count();
                try (FileArchive archive =
                        FileArchive.open(directory, new FileArchive.Options(256 * MEBIBYTE, Duration.ofDays(3_650)))) {
                    List<EndedTask> tasks = archive.tasks().page(10_000, null).tasks();
                    long there = archive.tasks().count();
                    assertTrue(there >= printed, there + " of " + printed);
                    assertEquals(ended("t" + (there - 1), NOON.plusMillis(there - 1)), tasks.get(0));
                }
            }
            for (Path file : files()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void equalsAModel() {
        Seeds.forEach(Soak.size("runs", 20, 500), random -> {
            try {
                Path own = Files.createTempDirectory(directory, "run");
                compare(own, random);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Appends, reopens, tears the end off, and asks, beside a map. */
    private static void compare(Path own, Random random) throws IOException {
        Map<String, EndedTask> model = new TreeMap<>();
        Ledger ledger = new Ledger(own, 64 * MEBIBYTE, Duration.ofDays(300), () -> NOON);
        ledger.load();
        for (int step = 0; step < 200; step++) {
            if (step > 0 && random.nextInt(20) == 0) {
                ledger.close();
                EndedTask torn = randomTask(random);
                byte[] line = RecordJson.write(new TaskLine(torn));
                tear(own, Arrays.copyOf(line, random.nextInt(line.length)));
                ledger = new Ledger(own, 64 * MEBIBYTE, Duration.ofDays(300), () -> NOON);
                ledger.load();
            }
            EndedTask task = randomTask(random);
            if (!ledger.hasTask(task.taskArn())) {
                ledger.append(new TaskLine(task));
                model.put(task.taskArn(), task);
            }
        }
        Ledger asked = ledger;
        String service = "s" + random.nextInt(4);
        int code = random.nextInt(3);
        TaskFilter filter = TaskFilter.ALL
                .and(profile -> service.equals(profile.service()))
                .and(profile -> profile.hasExitCode(code));
        List<EndedTask> expected = model.values().stream()
                .filter(task -> service.equals(task.service()))
                .filter(task -> task.containers().get(0).exitCode() == code)
                .sorted(Comparator.comparing(EndedTask::endedAt).reversed().thenComparing(EndedTask::taskArn))
                .toList();
        List<EndedTask> found = new ArrayList<>();
        asked.catalogue().newest(filter, 10_000).forEach(entry -> found.add(asked.task(entry.place())));
        assertEquals(expected, found);
        assertEquals(model.size(), asked.catalogue().size());
        assertEquals(
                expected.size(),
                asked.catalogue().causes(filter).stream()
                        .mapToLong(StopCause::tasks)
                        .sum());
        asked.close();
    }

    private static EndedTask randomTask(Random random) {
        Instant at = NOON.minusMillis(random.nextInt(1_000_000));
        String reason = random.nextBoolean() ? "reason " + random.nextInt(3) : null;
        return ended("t" + random.nextInt(400), at, "s" + random.nextInt(4), reason, random.nextInt(3));
    }

    private static void tear(Path own, byte[] part) throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            Path last = files.max(Comparator.naturalOrder()).orElseThrow();
            Files.write(last, part, StandardOpenOption.APPEND);
        }
    }
}
