package io.clusterstate.etcdserver;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The health and the metrics of an etcd, at a URL that needs no certificate.
 *
 * @param address the metrics URL of etcd
 */
record EtcdMetrics(URI address) {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /** Whether etcd answers and its cluster has a leader. */
    boolean isHealthy() throws InterruptedException {
        try {
            HttpResponse<String> answer = get("/health");
            return answer.statusCode() == 200 && answer.body().contains("true");
        } catch (IOException e) {
            return false;
        }
    }

    /** The first group of a pattern among the lines of all metrics. */
    String find(String pattern) throws IOException, InterruptedException {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(get("/metrics").body());
        if (!matcher.find()) {
            throw new IOException(address + ": no metric matches " + pattern + " (expected: one)");
        }
        return matcher.group(1);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(LIMIT).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
