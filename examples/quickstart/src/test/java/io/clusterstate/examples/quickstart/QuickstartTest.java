package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.sqs.SqsEventSource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Task;

@Execution(ExecutionMode.CONCURRENT)
class QuickstartTest {

    private static final String PHANTOM = "arn:aws:ecs:us-east-1:123456789012:task/default/phantom";
    private static final String FOREIGN = "arn:aws:ecs:us-east-1:876543210987:task/default/phantom";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();

    @Test
    void endsWithTheLineThatProvesIt() {
        int code = run("--seconds", "3", "--tasks", "100", "--rate", "100");

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, code, () -> out.toString(StandardCharsets.UTF_8));
        assertTrue(
                lines.get(lines.size() - 1)
                        .matches(
                                "view matches truth: tasks=\\d+ instances=\\d+ services=\\d+ revision=\\d+ events=[1-9]\\d*"),
                lines.get(lines.size() - 1));
    }

    @Test
    void twoMirrorsOnOneEtcdShareTheWork() {
        int code = run("--seconds", "3", "--tasks", "100", "--rate", "200", "--store", "etcd", "--mirrors", "2");

        String printed = out.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, printed);
        assertEquals(
                2,
                printed.lines()
                        .filter(line -> line.matches("mirror [12] of 2, (leader|follower): events applied [1-9].*"))
                        .count(),
                printed);
        assertTrue(printed.lines().anyMatch(line -> line.startsWith("2 views match truth: ")), printed);
    }

    @Test
    void whatIsForeignOrOfThePastAndClocksThatJumpLeaveNoTrace() {
        int code = run("--seconds", "12", "--tasks", "100", "--rate", "200", "--faults", "foreign");

        String printed = out.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, printed);
        assertTrue(
                printed.lines()
                        .anyMatch(
                                line -> line.matches("beside the \\d+ events of this account and Region, the queue got "
                                        + "[1-9]\\d* foreign events and [1-9]\\d* replays; clock jumps: [1-9]\\d*")),
                printed);
    }

    @Test
    void severalMirrorsNeedAStoreThatTheyShare() {
        assertEquals(2, run("--mirrors", "2"));
        assertEquals(
                "quickstart: --mirrors: 2 (expected: 1, or more with --store etcd)",
                errors.toString().strip());
    }

    @Test
    void anAddressOfAnEtcdIsForTheStoreOnEtcd() {
        assertEquals(2, run("--etcd", "http://127.0.0.1:2379"));
        assertEquals(
                "quickstart: --etcd: http://127.0.0.1:2379 (expected: none, or --store etcd)",
                errors.toString().strip());
    }

    @Test
    void anUnknownFaultIsAnErrorThatNamesTheKnownOnes() {
        assertEquals(2, run("--faults", "gremlins"));
        assertTrue(
                errors.toString().startsWith("quickstart: fault: gremlins (expected: loss, duplicates"),
                errors::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds=-5 | quickstart: --seconds: -5 (expected: at least 0)",
                "--rate=-0.5 | quickstart: --rate: -0.5 (expected: at least 0)",
                "--clusters=0 | quickstart: --clusters: 0 (expected: at least 1)",
                "--tasks=-1 | quickstart: --tasks: -1 (expected: at least 0)",
                "--nope | quickstart: Unknown option: '--nope'",
                "--seconds=x | quickstart: Invalid value for option '--seconds': 'x' is not an int"
            })
    void aWrongOptionIsOneLineAndExitCodeTwo(String option, String expected) {
        assertEquals(2, run(option));
        assertEquals(List.of(expected), errors.toString().lines().toList());
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theTableFitsEightyColumns() throws Exception {
        try (EcsAccess ecs = EcsAccess.simulated(
                        Simulator.builder().clusters(3).tasks(3_000).build());
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(ecs.ecs())
                        .events(SqsEventSource.of(ecs.sqs(), ecs.queue()).waitingUpTo(Duration.ofSeconds(1)))
                        .store(new MemoryStateStore())
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofMinutes(2));
            RecentChanges changes = new RecentChanges();
            mirror.view().subscribe(changes.listener());
            ecs.simulator().orElseThrow().step();
            mirror.view().awaitUntil(now -> !changes.last().isEmpty(), Duration.ofMinutes(1));

            String table =
                    new ViewSummary(Instant.now(), mirror.view().snapshot(), mirror.status(), changes.last()).table();

            assertEquals(
                    List.of(), table.lines().filter(line -> line.length() > 80).toList());
        }
    }

    @Test
    void aRealAccountNeedsAQueue() {
        assertEquals(2, run("--aws"));
        assertEquals(
                "quickstart: --queue: none (expected: the queue's name, URL or ARN, with --aws)",
                errors.toString().strip());
    }

    @Test
    void everyDifferenceIsFound() {
        Truth truth;
        try (Simulator simulator = Simulator.builder().clusters(1).tasks(3).build()) {
            truth = simulator.truth();
        }
        Task first = truth.tasks().get(0);
        Snapshot view = SnapshotEditor.of(SnapshotEditor.empty())
                .put(observed(first.toBuilder().lastStatus("STOPPED").build()))
                .put(observed(first.toBuilder().taskArn(PHANTOM).build()))
                .put(observed(first.toBuilder().taskArn(FOREIGN).build()))
                .toSnapshot(2);

        List<Difference> differences = TruthCheck.differences(view, truth);

        assertTrue(differences.contains(new Difference(
                Difference.Kind.ENDED, "task " + PHANTOM + " is in the view as RUNNING, and not in truth")));
        assertTrue(differences.contains(new Difference(
                Difference.Kind.FOREIGN, "task " + FOREIGN + " is in the view as RUNNING, and not in truth")));
        assertTrue(differences.contains(new Difference(
                Difference.Kind.OTHERWISE,
                "task " + first.taskArn() + ".lastStatus is STOPPED (truth: " + first.lastStatus() + ")")));
        assertTrue(differences.contains(new Difference(
                Difference.Kind.ABSENT, "task " + truth.tasks().get(1).taskArn() + " is not in the view")));
    }

    @Test
    void aReportCountsEachKindOfDifferenceAndShowsSome() {
        List<Difference> differences = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            differences.add(new Difference(Difference.Kind.ABSENT, "task " + i));
        }
        differences.add(new Difference(Difference.Kind.FOREIGN, "cluster 1"));

        assertEquals(
                List.of(
                        "1 in the view, but of another account, Region or partition:",
                        "  cluster 1",
                        "6 in ECS, but not in the view:",
                        "  task 1",
                        "  task 2",
                        "  task 3",
                        "  task 4"),
                Difference.report(differences));
    }

    private int run(String... arguments) {
        return Quickstart.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private static Observed<Task> observed(Task task) {
        return Observed.of(EntityKind.TASK, task.clusterArn(), task, Origin.EVENT, Instant.EPOCH);
    }
}
