package io.clusterstate.examples.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A state server as it is deployed, in a process of its own, and the simulated ECS that it looks at in another. That one
 * stands for AWS, whose machines are others, and so has the lower priority here.
 */
final class ServerUnderTrial implements AutoCloseable {

    private static final String RUN = "examples/run";
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);

    private final Process simulator;
    private final Process server;
    private final String url;

    /** Processor time so far. */
    record Spent(Duration server, Duration simulator, Duration here) {

        String since(Spent before, int seconds) {
            return String.format(
                    Locale.ROOT,
                    "server %.0f %%, simulated ECS %.0f %%, this load %.0f %%",
                    part(server.minus(before.server), seconds),
                    part(simulator.minus(before.simulator), seconds),
                    part(here.minus(before.here), seconds));
        }

        private static double part(Duration spent, int seconds) {
            return 100.0 * spent.toMillis() / Duration.ofSeconds(seconds).toMillis();
        }
    }

    private ServerUnderTrial(Process simulator, Process server, String url) {
        this.simulator = simulator;
        this.server = server;
        this.url = url;
    }

    /** Starts both, and waits until the server is ready. */
    static ServerUnderTrial start(int tasks, int events, String serverOptions)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(RUN))) {
            throw new IllegalStateException(
                    Path.of(RUN).toAbsolutePath() + ": absent (expected: to be started as " + RUN + " load)");
        }
        Process simulator = new ProcessBuilder("nice", RUN, "simulator", "--tasks=" + tasks, "--rate=" + events)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Process> started = new ArrayList<>(List.of(simulator));
        try {
            Map<String, String> places = placesOf(simulator);
            int port = freePort();
            Process server = launch(port, places, serverOptions);
            started.add(0, server);
            ServerUnderTrial both = new ServerUnderTrial(simulator, server, "http://127.0.0.1:" + port);
            both.awaitReady();
            return both;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.forEach(ServerUnderTrial::stop);
            throw e;
        }
    }

    /** Where the simulator says that it is, by the first word of each line. */
    private static Map<String, String> placesOf(Process simulator) throws IOException {
        Map<String, String> places = new HashMap<>();
        BufferedReader lines = simulator.inputReader();
        while (!places.containsKey("queue")) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("simulator: ended (expected: to say where its queue is)");
            }
            List<String> words = List.of(line.strip().split("\\s+", 2));
            places.put(words.get(0), words.get(words.size() - 1));
        }
        Thread rest = new Thread(() -> passOver(lines), "simulator-output");
        rest.setDaemon(true);
        rest.start();
        return places;
    }

    private static void passOver(BufferedReader lines) {
        try (lines) {
            lines.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // it has ended
        }
    }

    private static Process launch(int port, Map<String, String> places, String serverOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of(RUN, "state-server", "--bind=127.0.0.1:" + port));
        command.addAll(List.of("--queue=" + places.get("queue"), "--reconcile-every=1h", "--log-level=warn"));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL_ECS",
                        places.get("ECS"),
                        "AWS_ENDPOINT_URL_SQS",
                        places.get("SQS"),
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_ACCESS_KEY_ID",
                        "simulated",
                        "AWS_SECRET_ACCESS_KEY",
                        "simulated",
                        "JDK_JAVA_OPTIONS",
                        serverOptions));
        return builder.start();
    }

    private void awaitReady() throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/readyz")).build();
        long limit = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isReady(client, request)) {
            if (!server.isAlive()) {
                throw new IllegalStateException(
                        "server: ended with exit code " + server.exitValue() + " (expected: to become ready)");
            }
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("server: not ready (expected: to be within " + READY_WITHIN + ")");
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    String url() {
        return url;
    }

    Spent spent() {
        return new Spent(cpu(server.toHandle()), cpu(simulator.toHandle()), cpu(ProcessHandle.current()));
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        stop(server);
        stop(simulator);
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
