package io.clusterstate.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.archive.EndedTask.Container;
import io.clusterstate.archive.HistoryStep.What;
import io.clusterstate.archive.RecordJson.TaskLine;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Soak;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The size and the times of an archive. {@code -Dcss.soak.size=100000} gives the figures of docs/performance.md, if
 * nothing else runs; the assertions hold at any size.
 */
class ArchiveFiguresTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path directory;

    /** An ended task in the words of ECS: 50 services, eight kinds of ends, of which one names an instance. */
    private static EndedTask task(int number, Random random) {
        Instant end = NOON.plusMillis(number * 250L);
        String service = "service-" + random.nextInt(50);
        int kind = random.nextInt(8);
        String reason = kind == 0
                ? "(service " + service + ") (instance i-" + String.format("%017x", random.nextInt(200)) + ") (port "
                        + (32_768 + random.nextInt(1_000))
                        + ") is unhealthy in (target-group arn:aws:x:targetgroup/a/1)"
                : "Essential container in task exited";
        String id = UUID.randomUUID().toString().replace("-", "");
        return new EndedTask(
                Entities.taskArn("production", id),
                Entities.clusterArn("production"),
                "service:" + service,
                Entities.taskDefinitionArn("production", service, 7),
                "EC2",
                Entities.instanceArn("production", String.format("%032x", random.nextInt(200))),
                "i-" + String.format("%017x", random.nextInt(200)),
                "eu-west-1a",
                "STOPPED",
                kind == 0 ? "ServiceSchedulerInitiated" : "EssentialContainerExited",
                reason,
                List.of(
                        new Container(service, "123.dkr.ecr.eu-west-1.amazonaws.com/" + service + ":1", kind, null),
                        new Container("sidecar", "envoy:1.30", 0, null)),
                end.minusSeconds(600),
                end.minusSeconds(590),
                end.minusSeconds(30),
                end,
                end,
                List.of(
                        new HistoryStep(end.minusSeconds(599), What.ADDED, "PROVISIONING", null, number * 5L + 1),
                        new HistoryStep(end.minusSeconds(590), What.STATUS, "PENDING → RUNNING", null, number * 5L + 2),
                        new HistoryStep(end, What.STATUS, "RUNNING → STOPPED", reason, number * 5L + 3)));
    }

    @Test
    void takesThisMuch() throws IOException {
        int size = Soak.size("ended tasks", 5_000, 20_000);
        Random random = new Random(1);
        long begun = System.nanoTime();
        String last = "";
        try (Ledger ledger = ledger()) {
            for (int i = 0; i < size; i++) {
                EndedTask task = task(i, random);
                last = task.taskArn();
                ledger.append(new TaskLine(task));
            }
            ledger.settle();
        }
        print("write", begun, size);
        long empty = usedHeap();
        begun = System.nanoTime();
        try (FileArchive archive =
                FileArchive.open(directory, new FileArchive.Options(1L << 30, Duration.ofDays(30)), () -> NOON)) {
            print("open", begun, size);
            long heap = usedHeap() - empty;
            assertEquals(size, archive.status().tasks());
            System.out.printf(
                    "archive: %,d bytes on disk for a task; %,d bytes of heap for a task, with %,d different ends%n",
                    archive.status().bytes() / size,
                    heap / size,
                    archive.status().causes());
            ask(archive, last);
            assertTrue(archive.status().bytes() / size < 2_000, archive::toString);
        }
    }

    private void ask(FileArchive archive, String arn) {
        ask("last 50 of a service", () -> archive.of("service-7").last(50));
        ask("page of 50 by words", () -> archive.tasks()
                .matching("unhealthy service-7")
                .page(50, null)
                .tasks());
        ask("last 500", () -> archive.tasks().last(500));
        ask("causes", () -> archive.tasks().causes());
        ask("a part of an id", () -> archive.tasks()
                .matching(arn.substring(arn.length() - 9))
                .page(50, null)
                .tasks());
        ask("why", () -> archive.why(arn));
    }

    private static void ask(String name, Supplier<List<?>> query) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long begun = System.nanoTime();
            assertFalse(query.get().isEmpty(), name);
            best = Math.min(best, System.nanoTime() - begun);
        }
        System.out.printf("archive: %s: %.2f ms%n", name, best / 1e6);
    }

    private static void print(String what, long begun, int size) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("archive: %s: %.2f s, %,.0f tasks a second%n", what, seconds, size / seconds);
    }

    private Ledger ledger() throws IOException {
        Ledger ledger = new Ledger(directory, 1L << 30, Duration.ofDays(30), () -> NOON);
        ledger.load();
        return ledger;
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
