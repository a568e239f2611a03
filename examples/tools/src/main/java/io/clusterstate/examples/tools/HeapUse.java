package io.clusterstate.examples.tools;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads the heap use of a server from its metrics, twice a second. The lowest value in a stretch of time was read soon
 * after a garbage collection, so it is nearest to the live data.
 */
final class HeapUse {

    private static final Pattern USED =
            Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\",id=\"[^\"]*\"} (\\S+)$");
    private static final int STRETCHES = 10;
    private static final double MEGABYTE = 1 << 20;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Double> used = Collections.synchronizedList(new ArrayList<>());
    private final HttpRequest request;
    private final Thread thread = new Thread(this::run, "heap-curve");

    HeapUse(String url) {
        this.request = HttpRequest.newBuilder(URI.create(url + "/metrics"))
                .timeout(Duration.ofSeconds(5))
                .build();
        thread.setDaemon(true);
    }

    /** Starts the reading. */
    HeapUse begin() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                read();
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Skips a failed reading, since the measured requests show a failing server. */
    private void read() throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                add(sumIn(answer.body()));
            }
        } catch (IOException e) {
            // skipped
        }
    }

    void add(double bytes) {
        used.add(bytes);
    }

    static double sumIn(String metrics) {
        return USED.matcher(metrics)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    /** The lowest value in each tenth of the readings, and the highest of all, in MB. */
    String words() {
        List<Double> all = List.copyOf(used);
        if (all.size() < STRETCHES) {
            return "read " + all.size() + " times (expected: at least " + STRETCHES + ")";
        }
        String least = IntStream.range(0, STRETCHES)
                .mapToObj(i -> all.subList(i * all.size() / STRETCHES, (i + 1) * all.size() / STRETCHES))
                .map(stretch -> String.format(Locale.ROOT, "%.0f", Collections.min(stretch) / MEGABYTE))
                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT, "%s MB; highest at any time: %.0f MB", least, Collections.max(all) / MEGABYTE);
    }

    /** Ends the reading. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
