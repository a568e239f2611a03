package io.clusterstate.examples.daemonscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** The command, with processes of its own, of which it kills one. */
@Execution(ExecutionMode.CONCURRENT)
class DaemonSchedulerMainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();

    @Test
    void endsWithTheLineThatProvesIt() {
        int code = run("--seconds", "10", "--faults", "all", "--instances", "6");

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, code, lines::toString);
        assertTrue(
                lines.get(lines.size() - 1)
                        .matches("one task per instance: instances=[1-9]\\d* launches=[1-9]\\d* doubles=0"),
                lines::toString);
        assertEquals(1, lines.stream().filter(line -> line.endsWith(": killed")).count());
    }

    @Test
    void anUnknownFaultIsAnErrorThatNamesTheKnownOnes() {
        assertEquals(1, run("--faults", "gremlins"));
        assertTrue(
                errors.toString().startsWith("daemon-scheduler: fault: gremlins (expected: loss, duplicates"),
                errors::toString);
    }

    @Test
    void aRealAccountNeedsToBeNamed() {
        assertEquals(1, run("--aws", "--daemon", "logs", "--cluster", "default"));
        assertEquals(
                "daemon-scheduler: --definition: none (expected: a value, with --aws)",
                errors.toString().strip());
    }

    private int run(String... arguments) {
        CommandLine line = DaemonSchedulerMain.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }
}
