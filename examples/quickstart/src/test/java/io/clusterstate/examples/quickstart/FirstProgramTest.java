package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first program of the README, in a process of its own that knows the simulator by its environment. */
class FirstProgramTest {

    private static final Path PROGRAM =
            Documents.ROOT.resolve("examples/first-program/src/main/java/com/example/FirstProgram.java");

    private final List<String> printed = new ArrayList<>();
    private final Simulator simulator =
            Simulator.builder().clusters(2).tasks(50).build();

    @AfterEach
    void end() {
        simulator.close();
    }

    @Test
    @Timeout(300)
    void countsTasksAndFollowsChanges() throws Exception {
        simulator.start();
        simulator.drive(20);
        Process program = start();
        // A program that hangs would hold its reader, whatever JUnit's time limit says.
        CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS).execute(program::destroyForcibly);
        try (BufferedReader lines = program.inputReader()) {
            readUntil("running tasks: [1-9]\\d*", lines);
            readUntil("instances with room: \\d+", lines);
            readUntil("task arn:aws:ecs:us-east-1:\\d+:task/\\S+ (added|changed) at revision \\d+ \\(EVENT\\)", lines);

            program.outputWriter().append('\n').close();

            assertTrue(program.waitFor(60, TimeUnit.SECONDS), printed::toString);
            assertEquals(0, program.exitValue(), printed::toString);
        } finally {
            program.destroyForcibly();
        }
    }

    private void readUntil(String pattern, BufferedReader lines) throws IOException {
        String line;
        do {
            line = lines.readLine();
            printed.add(String.valueOf(line));
            assertTrue(line != null, () -> printed + " (expected: " + pattern + ")");
        } while (!line.matches(pattern));
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PROGRAM.toString());
        builder.environment()
                .putAll(Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "any",
                        "AWS_SECRET_ACCESS_KEY", "any",
                        "AWS_ENDPOINT_URL_ECS", simulator.ecsEndpoint().toString(),
                        "AWS_ENDPOINT_URL_SQS", simulator.sqsEndpoint().toString()));
        return builder.redirectErrorStream(true).start();
    }
}
