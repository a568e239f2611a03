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
 * A state server in its own process, as it is deployed, and the simulated ECS that it mirrors in another. The simulated
 * ECS has a lower priority, since it stands for AWS's own machines. Both end with this process.
 */
final class ServerUnderLoad implements AutoCloseable {

    private static final String RUN = "examples/run";
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    /**
     * The time added for each task: a mirror calls the ECS API ten times a second, with two calls for a hundred tasks.
     */
    private static final Duration READY_WITHIN_FOR_EACH = Duration.ofMillis(4);

    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);

    private final Process simulator;
    private final Process server;
    private final String url;

    /** The processor time of each process, up to the moment {@code at}. */
    record Spent(long at, Duration server, Duration simulator, Duration here) {

        String since(Spent before) {
            double nanos = at - before.at;
            return String.format(
                    Locale.ROOT,
                    "server %.0f %%, simulated ECS %.0f %%, this load %.0f %%",
                    100 * server.minus(before.server).toNanos() / nanos,
                    100 * simulator.minus(before.simulator).toNanos() / nanos,
                    100 * here.minus(before.here).toNanos() / nanos);
        }
    }

    private ServerUnderLoad(Process simulator, Process server, String url) {
        this.simulator = simulator;
        this.server = server;
        this.url = url;
    }

    /** Starts both processes and waits until the server is ready. */
    static ServerUnderLoad start(int tasks, int events, String serverOptions) throws IOException, InterruptedException {
        build("simulator");
        build("state-server");
        Process simulator = launch(new ProcessBuilder("nice", RUN, "simulator", "--tasks=" + tasks, "--rate=" + events)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
        List<Process> started = new ArrayList<>(List.of(simulator));
        try {
            int port = freePort();
            Process server = launch(server(port, placesOf(simulator), serverOptions));
            started.add(0, server);
            ServerUnderLoad both = new ServerUnderLoad(simulator, server, "http://127.0.0.1:" + port);
            both.awaitReady(READY_WITHIN.plus(READY_WITHIN_FOR_EACH.multipliedBy(tasks)));
            return both;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.forEach(ServerUnderLoad::stop);
            throw e;
        }
    }

    /** Builds the program if it is stale, so that a start runs only the JVM. */
    private static void build(String name) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(RUN))) {
            throw new IOException(Path.of(RUN).toAbsolutePath()
                    + ": absent (expected: a start from the project's folder, as " + RUN + " load)");
        }
        int code = new ProcessBuilder(RUN, name, "--help")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(RUN + ' ' + name + " --help: exit code " + code + " (expected: 0)");
        }
    }

    private static Process launch(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-child"));
        return process;
    }

    /** The addresses that the simulator prints, by the first word of each line. */
    private static Map<String, String> placesOf(Process simulator) throws IOException {
        Map<String, String> places = new HashMap<>();
        BufferedReader lines = simulator.inputReader();
        while (!places.containsKey("queue")) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("simulator: ended (expected: a line with its queue)");
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
            // the simulator has ended
        }
    }

    /** A server without those variables of our environment that would point it at an account or an etcd. */
    private static ProcessBuilder server(int port, Map<String, String> places, String serverOptions) {
        ProcessBuilder builder = new ProcessBuilder(
                        RUN,
                        "state-server",
                        "--bind=127.0.0.1:" + port,
                        "--queue=" + places.get("queue"),
                        "--store=memory",
                        "--reconcile-every=1h",
                        "--log-level=warn")
                .inheritIO();
        builder.environment().keySet().removeIf(ServerUnderLoad::isMeantForAServer);
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
                        "JAVA_OPTS",
                        serverOptions));
        return builder;
    }

    private static boolean isMeantForAServer(String variable) {
        return variable.startsWith("CSS_") || variable.startsWith("AWS_") || variable.equals("ECS_ENDPOINT");
    }

    private void awaitReady(Duration limit) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + limit.toNanos();
        while (!isReady(client, request)) {
            if (!server.isAlive()) {
                throw new IllegalStateException("server: ended with exit code " + server.exitValue()
                        + " (expected: a server that becomes ready)");
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("server: not ready (expected: ready within " + limit + ")");
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
        return new Spent(
                System.nanoTime(), cpu(server.toHandle()), cpu(simulator.toHandle()), cpu(ProcessHandle.current()));
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
