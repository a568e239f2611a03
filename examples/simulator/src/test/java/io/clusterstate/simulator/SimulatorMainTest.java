package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SimulatorMainTest {
    private static final int ENDED_BY_SIGTERM = 143;

    @Test
    void theProcessSaysWhereItIsAndEndsWhenToldTo() throws Exception {
        var java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        var process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatorMain.class.getName(),
                        "--tasks",
                        "50",
                        "--rate",
                        "5",
                        "--faults",
                        "duplicates,reorder",
                        "--seed",
                        "77")
                .redirectErrorStream(true)
                .start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var said = readUntil(out, "receive-message");

            assertTrue(said.contains("seed   77"));
            assertEquals(200, listClusters(URI.create(value(said, "ECS"))));
            assertTrue(value(said, "queue").startsWith(value(said, "SQS")));
            assertTrue(said.stream()
                    .anyMatch(it -> it.contains(
                            "aws ecs list-clusters --region us-east-1 --endpoint-url " + value(said, "ECS"))));
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(ENDED_BY_SIGTERM, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void unknownFaultsAreRefused() {
        var said = new StringWriter();
        var command = SimulatorMain.commandLine().setErr(new PrintWriter(said));

        assertEquals(2, command.execute("--faults", "flood"));
        assertTrue(said.toString().startsWith("simulator: fault: flood (expected: loss, "));
        assertEquals(1, said.toString().lines().count());
    }

    @Test
    void wrongOptionsAreRefusedInOneLine() {
        for (var option : List.of("--rate=-1", "--tasks=-1", "--ecs-port=99999", "--nope")) {
            var said = new StringWriter();

            assertEquals(
                    2, SimulatorMain.commandLine().setErr(new PrintWriter(said)).execute(option));
            assertEquals(1, said.toString().lines().count(), said::toString);
        }
    }

    private static List<String> readUntil(BufferedReader out, String last) throws Exception {
        var lines = new ArrayList<String>();
        while (lines.isEmpty() || !lines.get(lines.size() - 1).contains(last)) {
            var line = out.readLine();
            if (line == null) {
                throw new AssertionError("output: " + lines + " (expected: a line with " + last + ")");
            }
            lines.add(line);
        }
        return lines;
    }

    private static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(it -> it.startsWith(name + " "))
                .findFirst()
                .orElseThrow()
                .substring(name.length())
                .strip();
    }

    private static int listClusters(URI endpoint) throws Exception {
        var request = HttpRequest.newBuilder(endpoint.resolve("/"))
                .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListClusters")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
