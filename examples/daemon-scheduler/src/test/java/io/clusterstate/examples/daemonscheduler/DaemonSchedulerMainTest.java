package io.clusterstate.examples.daemonscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        assertEquals(2, run("--faults", "gremlins"));
        assertTrue(
                errors.toString().startsWith("daemon-scheduler: fault: gremlins (expected: loss, duplicates"),
                errors::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seconds=-1", "--seconds=0", "--instances=0", "--rate=-1", "--nope", "--seconds=x"})
    void aWrongOptionIsOneLineAndExitCodeTwo(String option) {
        assertEquals(2, run(option));
        assertEquals(1, errors.toString().lines().count(), errors::toString);
        assertTrue(errors.toString().contains(option.replaceAll("=.*", "")), errors::toString);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aRealAccountNeedsToBeNamed() {
        assertEquals(2, run("--aws", "--daemon", "logs", "--cluster", "default"));
        assertEquals(
                "daemon-scheduler: --definition: none (expected: a value, with --aws)",
                errors.toString().strip());
    }

    @Test
    void anExpressionWithAnErrorEndsTheCommandAtOnceWithItsPlace() {
        assertEquals(2, runMatching("attribute:ecs.os-type == linux and"));
        assertTrue(
                errors.toString().startsWith("daemon-scheduler: expression, column 35: the end (expected: "),
                errors::toString);
    }

    /** The daemon's own tasks would make it match and not match in turns. */
    @Test
    void anExpressionByTaskGroupIsRefused() {
        assertEquals(2, runMatching("not(task:group == family:logs)"));
        assertTrue(errors.toString().contains("no task:group"), errors::toString);
    }

    private int runMatching(String expression) {
        return run(
                "--aws",
                "--daemon=logs",
                "--cluster=default",
                "--definition=logs:1",
                "--queue=css_queue",
                "--etcd=http://127.0.0.1:1",
                "--matching=" + expression);
    }

    /** It ends as soon as all is closed, not at the time limit for that. */
    @Test
    void aProcessForARealAccountEndsAtOnceWhenItIsAskedTo() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Process process = processForARealAccount(etcd);
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                assertTrue(lines.lines().anyMatch(line -> line.startsWith("term ") && !line.equals("term 0")));

                process.destroy();

                assertTrue(process.waitFor(18, TimeUnit.SECONDS), "still runs, almost until the limit of 20 s");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static Process processForARealAccount(EtcdServer etcd) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DaemonSchedulerMain.class.getName(),
                "--aws",
                "--daemon=logs",
                "--cluster=default",
                "--definition=logs:1",
                "--queue=css_queue",
                "--etcd=" + etcd.endpoint());
        String nobody = "http://127.0.0.1:1";
        builder.environment()
                .putAll(Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "any",
                        "AWS_SECRET_ACCESS_KEY", "any",
                        "AWS_ENDPOINT_URL_ECS", nobody,
                        "AWS_ENDPOINT_URL_SQS", nobody));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private int run(String... arguments) {
        CommandLine line = DaemonSchedulerMain.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }
}
