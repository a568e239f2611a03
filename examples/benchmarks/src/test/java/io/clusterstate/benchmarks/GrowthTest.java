package io.clusterstate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.memory.MemoryStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.services.ecs.model.Task;

class GrowthTest {

    private static final int[] SIZES = {1_000, 100_000, 1_000_000};

    @TempDir
    private Path directory;

    @Test
    void aMeasurementIsReadAsItWasWritten() {
        Measurement measured = new Measurement(GrowthJob.LOOKUP, "fabric8's cache", 1_000, new Spread(1.5, 2.25, 3));

        assertEquals(measured, MeasurementJson.read(MeasurementJson.write(measured)));
    }

    @Test
    void aLaterMeasurementReplacesTheOneOfItsJobSubjectAndSize() throws IOException {
        GrowthResults.in(directory).add(List.of(cost("css", 1_000, 10), cost("css", 10_000, 20)));
        GrowthResults.in(directory).add(List.of(cost("css", 1_000, 30), cost("map", 1_000, 5)));

        GrowthResults results = GrowthResults.in(directory);
        assertEquals(
                List.of(cost("css", 1_000, 30), cost("css", 10_000, 20), cost("map", 1_000, 5)),
                results.of(GrowthJob.LOOKUP));
        assertEquals(List.of("css", "map"), List.copyOf(results.subjects(GrowthJob.LOOKUP)));
    }

    private static Measurement cost(String subject, int size, double cost) {
        return Measurement.once(GrowthJob.LOOKUP, subject, size, cost);
    }

    @Test
    void thePageGetsCurvesAndATableWithTheRatioToTheSmallestSize() throws IOException {
        Path results = directory.resolve("performance");
        Path page = directory.resolve("performance.md");
        Files.writeString(page, "before\n<!-- growth: begin -->\nold\n<!-- growth: end -->\nafter\n");
        GrowthResults.in(results).add(List.of(cost("css", 1_000, 10), cost("css", 1_000_000, 25)));

        Growth.draw(results, page);
        String first = Files.readString(page);
        Growth.draw(results, page);

        assertTrue(first.startsWith("before\n<!-- growth: begin -->\n"), first);
        assertTrue(first.endsWith("<!-- growth: end -->\nafter\n"), first);
        assertTrue(first.contains("| css | 10 ns | 25 ns (2.50 ×) |"), first);
        assertTrue(first.contains("](performance/lookup.svg)"), first);
        assertTrue(!first.contains("old"), first);
        assertTrue(Files.exists(results.resolve("lookup.svg")));
        assertEquals(first, Files.readString(page), "to draw again changes nothing");
    }

    @Test
    void aPageWithoutMarksIsLeftAlone() throws IOException {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "<!-- growth: end -->\n<!-- growth: begin -->\n");

        assertThrows(IOException.class, () -> MarkedSection.replace(page, "text"));
    }

    @Test
    void thePlanHasOnlyStepsOfTheAskedJobs() {
        assertEquals(
                List.of("SizeSweep, 1000 tasks", "SizeSweep, 100000 tasks", "SizeSweep, 1000000 tasks"),
                labels(List.of("lookup")));
        assertEquals(List.of("EndToEnd, 1 "), labels(List.of("end")));
        assertEquals(List.of("EtcdLoadSweep, 1000 tasks", "EtcdLoadSweep, 100000 tasks"), labels(List.of("etcd")));
        assertEquals(List.of(), labels(List.of("nothing")));
        assertEquals(4, labels(List.of("subscribers-lag")).size());
    }

    private static List<String> labels(List<String> only) {
        return GrowthPlan.steps(SIZES, only).stream()
                .map(GrowthPlan.Step::label)
                .toList();
    }

    @Test
    void aFailedStepLeavesTheOthersTheirResults() throws IOException, InterruptedException {
        boolean isWhole = Growth.measure(
                directory,
                List.of(
                        new GrowthPlan.Step("fails", () -> {
                            throw new IllegalStateException("exit code 3");
                        }),
                        new GrowthPlan.Step("succeeds", () -> List.of(cost("css", 1_000, 10)))));

        assertEquals(1, GrowthResults.in(directory).of(GrowthJob.LOOKUP).size());
        assertTrue(!isWhole);
    }

    @Test
    void aFailedProgramIsReportedWithItsWords() {
        GrowthChild child = GrowthChild.usual(ReconcileSweep.class, "64m");

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> child.run(List.of("none")));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("exit code 1 (expected: 0)"), message);
        assertTrue(message.contains("NumberFormatException"), message);
    }

    @Test
    void theLeastHeapIsFoundToATenthWhereverItLies() throws IOException, InterruptedException {
        for (int needed : new int[] {12, 40, 95, 100, 101, 260}) {
            List<Integer> tried = new ArrayList<>();
            int least = LeastHeap.least(10, 100, megabytes -> {
                tried.add(megabytes);
                return megabytes >= needed;
            });

            assertTrue(least >= needed && least <= needed * 1.1 + 2, needed + ": " + least);
            assertTrue(tried.contains(least), "the answer has passed a trial");
        }
    }

    @Test
    void ofTheTasksTenArePendingAndOnePercentOfEachOtherStatus() {
        Task[] tasks = new GrowingTasks(2_000).values();

        assertEquals(GrowingTasks.PENDING, count(tasks, "PENDING"));
        assertEquals(20, count(tasks, "DEACTIVATING"));
        assertEquals(20, count(tasks, "STOPPED"));
        assertEquals(2_000, Stream.of(tasks).map(Task::taskArn).distinct().count());
    }

    private static long count(Task[] tasks, String status) {
        return Stream.of(tasks).filter(task -> status.equals(task.lastStatus())).count();
    }

    @Test
    void everyChangeHasAHigherVersionAndAnotherStatus() {
        Task[] tasks = new GrowingTasks(1_000).values();
        ChangingTasks changing = new ChangingTasks(tasks);
        MemoryStateStore store = new MemoryStateStore();
        store.apply(Stream.of(tasks).map(ViewedStore::change).toList());
        long before = store.snapshot().revision();

        store.apply(changing.next(2_500).stream().map(ViewedStore::change).toList());

        assertEquals(before + 2_500, store.snapshot().revision());
    }

    @Test
    void allCachesHoldTheSameTasks() {
        Task[] tasks = new GrowingTasks(1_000).values();
        for (CacheKind kind : CacheKind.values()) {
            TaskCache cache = kind.open();
            Stream.of(tasks).forEach(task -> cache.putting(task).run());
            cache.putting(new ChangingTasks(tasks).next(1).get(0)).run();
            List<Object> listed = new ArrayList<>();
            cache.list(listed::add);

            assertEquals(1_000, listed.size(), cache.name());
            assertEquals(10, cache.find("PENDING"), cache.name());
            assertEquals(969, cache.find("RUNNING"), cache.name());
        }
    }

    @Test
    void sizesHaveSuffixes() {
        SizeConverter converter = new SizeConverter();

        assertEquals(1_000_000, converter.convert("1m"));
        assertEquals(10_000, converter.convert("10K"));
        assertEquals(2_500, converter.convert("2500"));
        assertThrows(TypeConversionException.class, () -> converter.convert("999"));
        assertThrows(TypeConversionException.class, () -> converter.convert("99999m"));
    }
}
