package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.TwoRegions.EU;
import static io.clusterstate.examples.stateserver.TwoRegions.US;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers over several Regions: whole ones, or errors that name the Region which is missing. */
@Timeout(300)
class SeveralRegionsTest {

    private final TwoRegions regions = new TwoRegions();
    private Rest rest;

    @BeforeEach
    void start() {
        regions.putEu(task(EU, "a"));
        regions.putEu(task(EU, "c"));
        regions.putUs(task(US, "b"));
        rest = Rest.of(regions.source);
    }

    @AfterEach
    void stop() {
        rest.close();
        regions.close();
    }

    private static List<String> arns(JsonNode list) {
        List<String> arns = new ArrayList<>();
        list.get("items").forEach(item -> arns.add(item.at("/entity/taskARN").textValue()));
        return arns;
    }

    private String header(String path, String name) throws InterruptedException {
        return rest.get(path).headers().firstValue(name).orElse("none");
    }

    @Test
    void listsAllRegionsWithTheRevisionOfEach() throws InterruptedException {
        assertEquals(List.of(taskArn(EU, "a"), taskArn(EU, "c"), taskArn(US, "b")), arns(rest.json("/v1/tasks")));
        assertEquals("eu-west-1:3,us-east-1:2", header("/v1/tasks", "X-Entity-Version"));
        assertTrue(header("/v1/tasks", "ETag").contains("eu-west-1:3,us-east-1:2"));
    }

    @Test
    void anUnchangedListIsNotSentAgainAndOneOfAChangedRegionIs() throws InterruptedException {
        String tag = header("/v1/tasks", "ETag");
        assertEquals(304, rest.get("/v1/tasks", "If-None-Match", tag).statusCode());

        regions.putUs(task(US, "d"));

        assertEquals(200, rest.get("/v1/tasks", "If-None-Match", tag).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "region=us-east-1, 1, us-east-1:2",
        "region=eu-west-1, 2, eu-west-1:3",
        "account=123456789012, 3, 'eu-west-1:3,us-east-1:2'",
        "account=999999999999, 0, 'eu-west-1:3,us-east-1:2'",
        "region=us-east-1&cluster=prod&status=running, 1, us-east-1:2"
    })
    void narrowsAListToARegionOrAnAccount(String filter, int tasks, String revisions) throws InterruptedException {
        assertEquals(tasks, rest.json("/v1/tasks?" + filter).get("items").size());
        assertEquals(revisions, header("/v1/tasks?" + filter, "X-Entity-Version"));
    }

    @Test
    void anArnOfAClusterNarrowsAListToItsRegion() throws InterruptedException {
        assertEquals(List.of(taskArn(US, "b")), arns(rest.json("/v1/tasks?cluster=" + US)));
        assertEquals("us-east-1:2", header("/v1/tasks?cluster=" + US, "X-Entity-Version"));
        assertEquals("us-east-1:2", header("/v1/brief/tasks?cluster=" + US, "X-Entity-Version"));
        assertEquals(List.of(), arns(rest.json("/v1/tasks?cluster=" + US.replace("123456789012", "999999999999"))));
    }

    @ParameterizedTest
    @CsvSource({
        "region=eu-central-1, 404, 'No such region or account (expected: one of eu-west-1, us-east-1)'",
        "cluster=arn:aws:ecs:eu-central-1:123456789012:cluster/prod, 404, "
                + "'No such region or account (expected: one of eu-west-1, us-east-1)'",
        "region=eu-west-1&cluster=arn:aws:ecs:us-east-1:123456789012:cluster/prod, 404, "
                + "'No such region or account (expected: one of eu-west-1, us-east-1)'",
        "region=Ireland, 400, Invalid region",
        "account=1, 400, Invalid account"
    })
    void refusesARegionThatItDoesNotShow(String filter, int status, String text) throws InterruptedException {
        HttpResponse<String> answer = rest.get("/v1/tasks?" + filter);

        assertEquals(status, answer.statusCode());
        assertEquals(text, answer.body());
    }

    @Test
    void aListInPartsHasEveryTaskOnce() throws InterruptedException {
        JsonNode first = rest.json("/v1/tasks?limit=2");
        JsonNode second =
                rest.json("/v1/tasks?limit=2&next=" + first.get("next").textValue());

        assertEquals("eu-west-1:3,us-east-1:2", second.get("entityVersion").textValue());
        assertEquals(List.of(taskArn(US, "b")), arns(second));
        assertFalse(second.has("next"));
    }

    @Test
    void clustersOfTheSameNameAreToldApart() throws InterruptedException {
        assertEquals(
                "Several clusters have this name (expected: region, account, or both)",
                rest.get("/v1/clusters/prod").body());
        assertEquals(
                US,
                rest.json("/v1/clusters/prod?region=us-east-1")
                        .at("/entity/clusterARN")
                        .textValue());
    }

    @Test
    void findsAnEntityInItsOwnRegion() throws InterruptedException {
        String path = "/v1/tasks/prod/" + taskArn(US, "b");
        assertEquals("2", rest.json(path).at("/metadata/entityVersion").textValue());
        assertEquals("us-east-1:2", header(path, "X-Entity-Version"));
        String elsewhere = "arn:aws:ecs:eu-central-1:123456789012:task/prod/b";
        assertEquals(404, rest.get("/v1/tasks/prod/" + elsewhere).statusCode());
    }

    // a Region that is missing

    @Test
    void aWholeListIsRefusedWithTheNameOfTheRegionThatIsNotReady() throws InterruptedException {
        regions.us.loading();

        HttpResponse<String> answer = rest.get("/v1/tasks");

        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("us-east-1"), answer.body());
        assertEquals(503, rest.get("/readyz").statusCode());
        assertEquals(503, rest.get("/v1/prometheus-sd?port=80").statusCode());
    }

    @Test
    void whatIsAboutAReadyRegionIsAnsweredAllTheSame() throws InterruptedException {
        regions.us.loading();

        assertEquals(2, rest.json("/v1/tasks?region=eu-west-1").get("items").size());
        assertEquals(200, rest.get("/v1/tasks/prod/" + taskArn(EU, "a")).statusCode());
        assertEquals(503, rest.get("/v1/tasks/prod/" + taskArn(US, "b")).statusCode());
        assertEquals(503, rest.get("/v1/tasks?region=us-east-1").statusCode());
        for (String path : List.of("/v1/tasks?", "/v1/brief/tasks?", "/v1/clusters?", "/v1/prometheus-sd?port=80&")) {
            assertEquals(200, rest.get(path + "cluster=" + EU).statusCode(), path);
            assertEquals(503, rest.get(path + "cluster=" + US).statusCode(), path);
            assertEquals(503, rest.get(path + "cluster=prod").statusCode(), path);
        }
        assertEquals(
                200,
                rest.get("/v1/prometheus-sd?port=80&service=" + serviceArn(EU, "web"))
                        .statusCode());
        assertEquals(
                503,
                rest.get("/v1/prometheus-sd?port=80&service=" + serviceArn(US, "web"))
                        .statusCode());
        assertEquals(200, rest.get("/v1/prometheus-sd?port=80&region=eu-west-1").statusCode());
    }

    @Test
    void theFreshnessHasEachRegion() throws InterruptedException {
        regions.us.confirmedAt(Instant.now().minusSeconds(7_200));
        regions.us.complain("no credentials");

        JsonNode freshness = rest.json("/v1/freshness");

        assertFalse(freshness.get("fresh").booleanValue());
        assertTrue(freshness.at("/unmet/0").textValue().startsWith("us-east-1: ECS has confirmed the state up to "));
        assertEquals("us-east-1: no credentials", freshness.at("/problems/0").textValue());
        assertEquals("eu-west-1:3,us-east-1:2", freshness.get("entityVersion").textValue());
        assertEquals("eu-west-1", freshness.at("/places/0/name").textValue());
        assertTrue(freshness.at("/places/0/fresh").booleanValue());
        assertFalse(freshness.at("/places/1/fresh").booleanValue());
        assertEquals("us-east-1:2", freshness.at("/places/1/entityVersion").textValue());
    }

    @Test
    void oneStaleRegionDoesNotTakeTheServerAwayAndAllOfThemDo() throws InterruptedException {
        regions.us.confirmedAt(Instant.now().minusSeconds(7_200));
        HttpResponse<String> one = rest.get("/readyz");
        assertEquals(200, one.statusCode());
        assertTrue(one.body().startsWith("ready: us-east-1: "), one.body());

        regions.eu.confirmedAt(Instant.now().minusSeconds(7_200));
        assertEquals(503, rest.get("/readyz").statusCode());
    }

    // history, status and metrics

    @Test
    void theHistoryOfAllRegionsIsOneList() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            Instant end = Instant.parse("2026-03-01T12:00:00Z").plusSeconds(i);
            regions.putEu(stopped(EU, "eu-" + i, end));
            regions.putUs(stopped(US, "us-" + i, end));
        }
        JsonNode first = rest.json("/v1/history/tasks?limit=4");
        JsonNode second =
                rest.json("/v1/history/tasks?limit=4&next=" + first.get("next").textValue());

        List<String> found = new ArrayList<>();
        first.get("items").forEach(each -> found.add(each.get("taskARN").textValue()));
        second.get("items").forEach(each -> found.add(each.get("taskARN").textValue()));
        assertEquals(
                List.of(
                        taskArn(EU, "eu-2"),
                        taskArn(US, "us-2"),
                        taskArn(EU, "eu-1"),
                        taskArn(US, "us-1"),
                        taskArn(EU, "eu-0"),
                        taskArn(US, "us-0")),
                found);
        assertEquals(6, first.get("total").longValue());
        assertFalse(second.has("next"));
        assertEquals(2, rest.json("/v1/history/reasons").get("items").size());
        assertEquals(200, rest.get("/v1/history?arn=" + taskArn(US, "us-0")).statusCode());
    }

    private static software.amazon.awssdk.services.ecs.model.Task stopped(String cluster, String id, Instant end) {
        return task(cluster, id, change -> change.lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stoppedReason("gone")
                .stoppedAt(end));
    }

    @Test
    void theHistoryNamesTheRegionThatItLacks() throws InterruptedException {
        regions.us.loading();

        JsonNode answer = rest.json("/v1/history/reasons");

        assertEquals("[\"us-east-1\"]", answer.get("missing").toString());
    }

    @Test
    void aHistoryThatIsAboutOneRegionLacksNoOther() throws InterruptedException {
        regions.putEu(stopped(EU, "a", Instant.parse("2026-03-01T12:00:00Z")));
        regions.us.loading();

        for (String filter : List.of("cluster=" + EU, "sameCauseAs=" + taskArn(EU, "a"))) {
            for (String list : List.of("tasks", "reasons")) {
                JsonNode answer = rest.json("/v1/history/" + list + "?" + filter);
                assertEquals(1, answer.get("items").size(), filter);
                assertFalse(answer.has("missing"), filter);
            }
        }
        assertEquals(503, rest.get("/v1/history/tasks?cluster=" + US).statusCode());
        assertEquals(
                503,
                rest.get("/v1/history/reasons?sameCauseAs=" + taskArn(US, "b")).statusCode());
        assertEquals(
                404,
                rest.get("/v1/history/tasks?cluster=" + US.replace("us-east-1", "eu-central-1"))
                        .statusCode());
    }

    @Test
    void noRegionReadyIsNoHistory() throws InterruptedException {
        regions.eu.loading();
        regions.us.loading();

        assertEquals(503, rest.get("/v1/history/reasons").statusCode());
        assertEquals(503, rest.get("/v1/history/tasks").statusCode());
    }

    @Test
    void statusAndMetricsHaveEachRegion() throws InterruptedException {
        JsonNode status = rest.json("/v1/status");
        assertEquals("us-east-1", status.at("/places/1/name").textValue());
        assertEquals("READY", status.at("/places/1/phase").textValue());
        String metrics = rest.get("/metrics").body();
        assertTrue(metrics.contains("css_revision{mirror=\"eu-west-1\"} 3.0"), metrics);
        assertTrue(metrics.contains("css_revision{mirror=\"us-east-1\"} 2.0"), metrics);
    }
}
