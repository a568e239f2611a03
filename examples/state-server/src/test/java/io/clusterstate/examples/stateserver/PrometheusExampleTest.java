package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example configuration of Prometheus and its alert rules, against a server of a simulated ECS. */
@Timeout(300)
class PrometheusExampleTest {

    private static final Path FOLDER = Path.of("prometheus");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern METRIC = Pattern.compile("\\bcss_[a-z_]+");
    private static final Pattern TAG = Pattern.compile("(css_[a-z_]+)\\{([a-z]+)=~?\"([^\"]+)\"");
    private static final Pattern SUM = Pattern.compile("\\bsum\\b[^(]*\\(([^)]*)\\)");
    private static final Pattern URL = Pattern.compile("url: http://localhost:3000(\\S+)");
    private static final Pattern LABEL = Pattern.compile("__meta_ecs_[a-z_]+");

    @Test
    void theRulesNameMetricsThatAreThereAndTheConfigurationUrlsAndLabels() throws Exception {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.simulate = true;
        options.simulateTasks = 100;
        options.simulateRate = 0;
        try (Server server = Server.start(options, null)) {
            server.source().view().awaitReady(Duration.ofSeconds(60));

            checkRules(get(server, "/metrics").body());
            checkConfiguration(server);
        }
    }

    private static void checkRules(String scrape) throws IOException {
        String rules = Files.readString(FOLDER.resolve("alerts.yml"));
        Set<String> named = found(METRIC, rules);
        Set<String> there = found(METRIC, scrape);
        assertFalse(named.isEmpty());
        assertTrue(there.containsAll(named), () -> named + " (expected: among " + there + ")");
        TAG.matcher(rules).results().forEach(tag -> Arrays.stream(tag.group(3).split("\\|"))
                .map(value -> tag.group(1) + '{' + tag.group(2) + "=\"" + value + "\"}")
                .forEach(series -> assertTrue(scrape.contains(series), series)));
    }

    /** A sum over all places would hide one without a leader, or with late events, behind the others. */
    @Test
    void theRulesSumNoPlacesTogether() throws IOException {
        String rules = Files.readString(FOLDER.resolve("alerts.yml"));
        Set<String> sums = found(SUM, rules);
        assertFalse(sums.isEmpty());
        sums.forEach(sum -> assertTrue(sum.contains("mirror"), sum));
    }

    private static void checkConfiguration(Server server) throws Exception {
        String configuration = Files.readString(FOLDER.resolve("prometheus.yml"));
        List<String> urls =
                URL.matcher(configuration).results().map(url -> url.group(1)).toList();
        assertFalse(urls.isEmpty());
        for (String url : urls) {
            assertEquals(200, get(server, url).statusCode(), url);
        }
        Set<String> labels = found(
                LABEL,
                get(server, "/v1/prometheus-sd?port=80&instanceDomain=ec2.internal")
                        .body());
        assertTrue(labels.containsAll(found(LABEL, configuration)), labels::toString);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static HttpResponse<String> get(Server server, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
