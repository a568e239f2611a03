package io.clusterstate.examples.stateserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Puts a server in a process of its own under load, and says what it took. Requests go out at their time whether or not the
 * ones before are answered, and each is measured from the moment at which it was due.
 */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Starts a state-server on simulated tasks and asks it while streams are open. "
                + "Exit code 0 if nothing failed.")
public final class LoadTrial implements Callable<Integer> {

    private static final Pattern TASK = Pattern.compile("\"taskARN\":\"([^\"]+)\"");
    private static final int EVERY_FIFTH = 5;

    @Option(names = "--tasks", defaultValue = "50000", description = "Simulated tasks (default: ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(
            names = "--events",
            defaultValue = "100",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--streams",
            defaultValue = "50",
            description = "Streams, half of lines and half of events (default: ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Requests a second: four of five for one task, the fifth for a list of those that are "
                    + "pending in one cluster (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "60", description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--heap",
            defaultValue = "1g",
            description = "The server's largest heap (default: ${DEFAULT-VALUE}).")
    private String heap = "1g";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong streamedBytes = new AtomicLong();
    private URI server = URI.create("http://127.0.0.1");

    private LoadTrial() {}

    /**
     * Runs it.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadTrial()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int port = freePort();
        server = URI.create("http://127.0.0.1:" + port);
        Process process = launch(port);
        try {
            awaitReady(process);
            return measure();
        } finally {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Process launch(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        StateServer.class.getName(),
                        "--bind=127.0.0.1:" + port,
                        "--simulate",
                        "--simulate-tasks=" + tasks,
                        "--simulate-rate=" + events,
                        "--reconcile-every=1h",
                        "--log-level=warn")
                .inheritIO()
                .start();
    }

    private void awaitReady(Process process) throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > limit) {
                throw new IllegalStateException("the server did not become ready (expected: within three minutes)");
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/readyz").statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private int measure() throws IOException, InterruptedException {
        List<String> arns = arns();
        for (int i = 0; i < streams; i++) {
            follow(i % 2 == 0 ? "/v1/stream/tasks" : "/v1/events");
        }
        ask(arns, Math.max(5, seconds / 6)); // what is measured is a server that has been asked before
        Answers answers = ask(arns, seconds);
        double heapUsed = metric("jvm_memory_used_bytes\\{area=\"heap\",id=\"[^\"]*\"}");
        double open = metric("css_http_streams");
        System.out.printf(
                "one of %d tasks: %s; list of pending: %s%n", arns.size(), answers.one.words(), answers.list.words());
        System.out.printf(
                "streams: %.0f of %d open in the end, %d MB received; heap used: %.0f MB of at most %s, "
                        + "with the simulated ECS in it; failures: %d%n",
                open, streams, streamedBytes.get() >> 20, heapUsed / (1 << 20), heap, failures.size());
        failures.stream().limit(10).forEach(failure -> System.out.println("  " + failure));
        return failures.isEmpty() && open == streams ? 0 : 1;
    }

    private List<String> arns() throws IOException, InterruptedException {
        List<String> arns = new ArrayList<>();
        Matcher matcher = TASK.matcher(get("/v1/tasks?status=running").body());
        while (matcher.find()) {
            arns.add(matcher.group(1));
        }
        return arns;
    }

    private void follow(String path) {
        Thread thread = new Thread(() -> read(path), "stream");
        thread.setDaemon(true);
        thread.start();
    }

    /** Counts what comes, and looks for the words of a stream that lost something; parsing is left out, to load the server alone. */
    private void read(String path) {
        byte[] part = new byte[65_536];
        try (InputStream body =
                client.send(request(path), BodyHandlers.ofInputStream()).body()) {
            for (int read = body.read(part); read >= 0; read = body.read(part)) {
                streamedBytes.addAndGet(read);
                String text = new String(part, 0, read, StandardCharsets.ISO_8859_1);
                if (text.contains("event: reset") || text.contains("event: end") || text.contains("{\"end\"")) {
                    failures.add(path + ": reset or ended");
                }
            }
            failures.add(path + ": ended");
        } catch (IOException e) {
            failures.add(path + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was measured. */
    private record Answers(Times one, Times list) {}

    private Answers ask(List<String> arns, int howLong) throws InterruptedException {
        Random random = new Random(1);
        Times one = new Times();
        Times list = new Times();
        long pause = TimeUnit.SECONDS.toNanos(1) / rate;
        long due = System.nanoTime();
        int all = rate * howLong;
        for (int i = 0; i < all; i++) {
            LockSupport.parkNanos(due - System.nanoTime());
            String arn = arns.get(random.nextInt(arns.size()));
            String cluster = arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf('/'));
            if (i % EVERY_FIFTH == 0) {
                send("/v1/tasks?status=pending&cluster=" + cluster, due, list);
            } else {
                send("/v1/tasks/" + cluster + '/' + arn, due, one);
            }
            due += pause;
        }
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (one.count() + list.count() < all && System.nanoTime() < limit) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        if (one.count() + list.count() < all) {
            failures.add(all - one.count() - list.count() + " requests without an answer");
        }
        return new Answers(one, list);
    }

    private void send(String path, long due, Times times) {
        var unused = client.sendAsync(request(path), BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            times.add(System.nanoTime() - due);
            if (failure != null) {
                failures.add(path + ": " + failure);
            } else if (answer.statusCode() != 200 && answer.statusCode() != 404) { // stopped and forgotten by now
                failures.add(path + ": " + answer.statusCode() + ' ' + answer.body());
            }
        });
    }

    private double metric(String name) throws IOException, InterruptedException {
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(get("/metrics").body());
        double sum = 0;
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(1));
        }
        return sum;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path)).build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How long answers took. */
    private static final class Times {

        private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final AtomicLong count = new AtomicLong();

        void add(long taken) {
            nanos.add(taken);
            count.incrementAndGet();
        }

        long count() {
            return count.get();
        }

        String words() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return String.format(
                    "%d answers, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, most %.1f ms",
                    sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
        }

        private static double at(long[] sorted, double part) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * sorted.length) - 1] / 1e6;
        }
    }
}
