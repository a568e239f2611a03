package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, with a few faults for a few seconds; `.ci/run` has two minutes of all. */
class SoakTest {

    private static final PrintStream NOWHERE =
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Soak.commandLine(new PrintStream(printed, true, StandardCharsets.UTF_8))
                .execute(arguments);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aShortRunHoldsEveryLawAndItsHistoryRunsAgain() throws Exception {
        int code = run(
                "--minutes=0.15",
                "--seed=3",
                "--faults=duplicates,reorder,link_cut,compaction,mirror_kill",
                "--folder=" + folder);

        assertEquals(0, code, this::text);
        Path history = folder.resolve("soak-3.jsonl");
        List<String> lines = Files.readAllLines(history);
        assertTrue(
                text().contains("faults: compaction 2, duplicates 2, link_cut 2, mirror_kill 2, reorder 2"),
                this::text);
        for (String law : List.of(
                "CompositeEqual",
                "FinalCheck",
                "FlatHeap",
                "FlatThreads",
                "FreshnessHonest",
                "NeverEmpty",
                "NothingInvented",
                "RebuiltEqual",
                "SettledIsSafe",
                "VersionsNeverBack")) {
            assertTrue(text().contains(law + " "), () -> law + ": " + text());
        }

        assertEquals(0, run("--history=" + history, "--folder=" + folder.resolve("again")), this::text);
        assertEquals(lines, Files.readAllLines(folder.resolve("again").resolve("soak-3.jsonl")));
    }

    @Test
    void aViolationIsPrintedWithItsSeedAndTheCommandThatRunsItAgain() {
        Findings findings = new Findings();
        findings.broken("SomeLaw", "reader-1", "arn:…, version 3 (expected: 4)");
        Plan plan = new Plan(17, 2, 40, List.of());

        new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), plan, Path.of("soak-17.jsonl"))
                .outcome(findings.violations());

        assertTrue(text().contains("SomeLaw is broken in reader-1"), this::text);
        assertTrue(text().contains("version 3 (expected: 4)"), this::text);
        assertTrue(text().contains("seed: 17"), this::text);
        assertTrue(text().contains("run it again: examples/run soak --history soak-17.jsonl"), this::text);
    }

    @Test
    void aRunThatBreaksOffIsPrintedLikeAViolation() throws Exception {
        Files.writeString(folder.resolve("certificates"), "no folder");

        int code = run("--minutes=0.1", "--seed=5", "--faults=none", "--folder=" + folder);

        assertEquals(1, code);
        assertTrue(text().contains("Run is broken in this process"), this::text);
        assertTrue(text().contains("FileAlreadyExistsException"), this::text);
        assertTrue(text().contains("seed: 5"), this::text);
        assertTrue(text().contains("run it again: examples/run soak --history"), this::text);
    }

    @Test
    void aWrongOptionEndsWithExitCode2() {
        PrintStream usual = System.err;
        System.setErr(NOWHERE);
        try {
            assertEquals(2, run("--minutes=0", "--folder=" + folder));
            assertEquals(2, run("--faults=rain", "--folder=" + folder));
            assertEquals(2, run("--history=" + folder.resolve("absent"), "--folder=" + folder));
            assertEquals(2, run("--nonsense"));
        } finally {
            System.setErr(usual);
        }
    }
}
