package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own. */
@Timeout(300)
class ProcessTest {

    private static final long STOP_SECONDS = 10;

    /** From there on the JVM itself says on standard error what it thinks of the simulated queue's libraries. */
    private static final int QUIET_SINCE = 24;

    @TempDir
    private Path folder;

    @Test
    void servesLogsInJsonAndStopsWithinTenSecondsOfBeingAsked() throws Exception {
        Path log = folder.resolve("log");
        Process process = launch(log, "--simulate", "--simulate-tasks=100", "--bind=127.0.0.1:0");
        try (BufferedReader lines = open("http://127.0.0.1:" + port(process, log) + "/v1/freshness")) {
            assertTrue(Rest.parse(lines.readLine()).has("ready"));
            long asked = System.nanoTime();
            process.destroy();

            assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS), "still runs after " + STOP_SECONDS + " s");
            System.out.println("Stopped after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked) + " ms");
            assertEquals(143, process.exitValue()); // by SIGTERM
            List<String> said = Files.readAllLines(log);
            said.forEach(line -> assertTrue(Rest.parse(line).has("formattedMessage"), line));
            assertEquals(
                    "stopped",
                    Rest.parse(said.get(said.size() - 1))
                            .get("formattedMessage")
                            .textValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void logsToAFileThatIsNamed() throws Exception {
        Path log = folder.resolve("css.log");
        Path err = folder.resolve("err");
        Process process = launch(err, "--simulate", "--simulate-tasks=100", "--bind=127.0.0.1:0", "--log-file=" + log);
        try {
            port(process, log);
            assertEquals("", Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsWithWordsWhereItCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path err = folder.resolve("err");
            Process process =
                    launch(err, "--simulate", "--bind=127.0.0.1:" + taken.getLocalPort(), "--log-level=error");

            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(1, process.exitValue());
            List<String> said = Files.readAllLines(err);
            String last = said.get(said.size() - 1);
            assertTrue(last.startsWith("state-server: ") && last.contains("in use"), last);
        }
    }

    private static Process launch(Path err, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1"); // since it lives for seconds
        if (Runtime.version().feature() >= QUIET_SINCE) {
            builder.command().add("--sun-misc-unsafe-memory-access=allow");
        }
        builder.command().addAll(List.of("-cp", System.getProperty("java.class.path"), StateServer.class.getName()));
        builder.command().addAll(List.of(arguments));
        return builder.redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What the log says of where it listens. */
    private static int port(Process process, Path log) throws IOException, InterruptedException {
        while (process.isAlive()) {
            for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
                JsonNode said = Rest.parse(line);
                if (said.path("formattedMessage").asText().equals("serving")) {
                    return said.findValue("port").asInt();
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("the process ended: " + Files.readString(log));
    }

    private static BufferedReader open(String uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
        return new BufferedReader(new InputStreamReader(
                HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
    }
}
