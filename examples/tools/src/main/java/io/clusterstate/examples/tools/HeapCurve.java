package io.clusterstate.examples.tools;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How full a server's heap is, read from its metrics twice a second. What is least in a stretch of time was read soon after
 * a collection, and so is nearest to what the server holds on to.
 */
final class HeapCurve {

    private static final Pattern USED =
            Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\",id=\"[^\"]*\"} (\\S+)$");
    private static final int STRETCHES = 10;
    private static final double MEGABYTE = 1 << 20;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Double> used = Collections.synchronizedList(new ArrayList<>());
    private final HttpRequest request;
    private final Thread thread = new Thread(this::run, "heap-curve");

    private HeapCurve(String url) {
        this.request = HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
    }

    static HeapCurve follow(String url) {
        HeapCurve curve = new HeapCurve(url);
        curve.thread.setDaemon(true);
        curve.thread.start();
        return curve;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                used.add(sumIn(client.send(request, BodyHandlers.ofString()).body()));
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            used.add(Double.NaN); // the requests under measure tell of it, too
        }
    }

    static double sumIn(String metrics) {
        return USED.matcher(metrics)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    /** The least of each tenth, and the most of all, in MB. */
    String words() {
        List<Double> all = List.copyOf(used);
        if (all.isEmpty()) {
            return "not read";
        }
        String least = IntStream.range(0, STRETCHES)
                .mapToObj(i -> all.subList(i * all.size() / STRETCHES, (i + 1) * all.size() / STRETCHES))
                .filter(stretch -> !stretch.isEmpty())
                .map(stretch -> String.format(Locale.ROOT, "%.0f", Collections.min(stretch) / MEGABYTE))
                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT, "%s MB; the most at any time: %.0f MB", least, Collections.max(all) / MEGABYTE);
    }

    /** Reads no more. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
