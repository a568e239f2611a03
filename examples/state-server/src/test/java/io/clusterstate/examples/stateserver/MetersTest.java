package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.testing.Entities;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The scrape: which series there are, and that clients cannot add any. */
class MetersTest extends OnHeldState {

    /** Four buckets and the infinite one; count, sum and maximum. */
    private static final int SERIES_OF_A_TIMER = 8;

    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(css\\.http\\.[a-z.]+)` \\| state server ");

    @Test
    void clientsAddNoSeriesByTheirPathsMethodsAndFilters() throws InterruptedException {
        rest.get("/v1/clusters/a");
        rest.get("/nowhere");
        send("HEAD", "/v1/ping");
        send("PUT", "/v1/ping");
        List<String> before = series("css_http_requests_seconds");

        for (int i = 0; i < 20; i++) {
            rest.get("/v1/clusters/b" + i + (i % 2 == 0 ? "" : "?x=" + i));
            rest.get("/nowhere/" + i);
            send("DELETE", "/v1/ping/" + i);
            send("METHOD" + i, "/v1/ping");
        }

        Set<String> added = new TreeSet<>(series("css_http_requests_seconds"));
        added.removeAll(before);
        added.removeIf(each -> each.contains("route=\"/metrics\""));
        assertEquals(
                Set.of(),
                added.stream().filter(each -> !each.contains("status=\"4xx\"")).collect(Collectors.toSet()));
        assertTrue(added.size() <= 2 * SERIES_OF_A_TIMER, added::toString);
    }

    @Test
    void aRouteHasFewSeries() throws InterruptedException {
        rest.get("/v1/ping");

        List<String> ofPing = series("css_http_requests_seconds").stream()
                .filter(each -> each.contains("route=\"/v1/ping\""))
                .toList();

        assertEquals(SERIES_OF_A_TIMER, ofPing.size(), ofPing::toString);
        assertTrue(
                ofPing.contains("css_http_requests_seconds_count{method=\"GET\",route=\"/v1/ping\",status=\"2xx\"}"),
                ofPing::toString);
    }

    @Test
    void theFirstScrapeHasTheEntitiesOfEveryCluster() throws InterruptedException {
        held.put(EntityKind.CLUSTER, "prod", Entities.cluster("prod"));
        held.put(task("prod", "web-1"));

        assertTrue(series("css_entities").contains("css_entities{cluster=\"prod\",kind=\"task\",status=\"RUNNING\"}"));
    }

    @Test
    void theOperationsGuideHasTheMetersOfTheServer() throws Exception {
        rest.get("/v1/ping");
        Set<String> documented = DOCUMENTED
                .matcher(Files.readString(Path.of("..", "..", "docs", "operations.md")))
                .results()
                .map(row -> row.group(1).replace('.', '_'))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> there = series("css_http").stream()
                .map(each -> each.replaceAll("(_seconds(_count|_sum|_max|_bucket))?(\\{.*)?$", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(documented, there);
    }

    private List<String> series(String prefix) throws InterruptedException {
        return rest.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    private void send(String method, String path) throws InterruptedException {
        rest.send(HttpRequest.newBuilder(rest.uri(path))
                .method(method, BodyPublishers.noBody())
                .build());
    }
}
