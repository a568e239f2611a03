package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** The server serves samples of the last minutes, and each service's last message about a failure. */
class TrendTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private final Held held = new Held();
    private @Nullable Instant now = BEGIN;
    private final Trend trend = trendOf(held);

    @AfterEach
    void end() {
        held.close();
    }

    private Trend trendOf(StateSource source) {
        return new Trend(new Places(source).views(), () -> Objects.requireNonNull(now));
    }

    private void put(String id, String status) {
        held.put(task("prod", id, change -> change.lastStatus(status)));
    }

    private void sample() {
        trend.sample();
        now = Objects.requireNonNull(now).plus(Trend.STEP);
    }

    private JsonNode samples() throws IOException {
        return samples(trend);
    }

    private static JsonNode samples(Trend trend) throws IOException {
        return Rest.parse(new String(Json.object(trend::write), StandardCharsets.UTF_8))
                .get("samples");
    }

    @Test
    void countsWhatRunsAndWhatIsOnItsWay() throws IOException {
        List.of("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "STOPPED").forEach(each -> put(each, each));
        put("second", "RUNNING");
        sample();

        assertEquals(Rest.parse("[{\"at\":\"2026-03-01T12:00:00Z\",\"running\":2,\"pending\":3}]"), samples());
    }

    @Test
    void keepsFifteenMinutes() throws IOException {
        for (int i = 0; i < Trend.MOST + 7; i++) {
            sample();
        }

        assertEquals(180, samples().size());
        assertEquals("2026-03-01T12:00:35Z", samples().at("/0/at").textValue());
        assertEquals("2026-03-01T12:15:30Z", samples().at("/179/at").textValue());
    }

    @Test
    void leavesAGapWhileTheViewIsNotReadyAndGoesOnAfterAFailure() throws IOException {
        held.loading();
        sample();
        held.loaded();
        sample();
        now = null; // a clock that fails
        trend.sample();
        now = BEGIN.plusSeconds(10);
        sample();

        assertEquals(2, samples().size());
        assertEquals("2026-03-01T12:00:05Z", samples().at("/0/at").textValue());
    }

    @Test
    void countsTheReadyRegionsAndNamesThoseThatAreMissing() throws IOException {
        try (TwoRegions regions = new TwoRegions()) {
            regions.putEu(task(TwoRegions.EU, "a"));
            regions.putUs(task(TwoRegions.US, "b"));
            Trend both = trendOf(regions.source);
            regions.us.loading();
            both.sample();
            regions.us.loaded();
            both.sample();

            assertEquals(
                    Rest.parse(
                            """
                            [{"at":"2026-03-01T12:00:00Z","running":1,"pending":0,"missing":["us-east-1"]},
                             {"at":"2026-03-01T12:00:00Z","running":2,"pending":0}]
                            """),
                    samples(both));
        }
    }

    @Test
    void aRegionThatFailsIsMissingAndTakesNothingFromTheOthers() throws IOException {
        put("a", "RUNNING");
        ClusterStateView broken = (ClusterStateView) Proxy.newProxyInstance(
                TrendTest.class.getClassLoader(),
                new Class<?>[] {ClusterStateView.class},
                (self, method, arguments) -> {
                    throw new IllegalStateException("broken");
                });
        Trend both =
                new Trend(Map.of("eu-west-1", held.view(), "us-east-1", broken), () -> Objects.requireNonNull(now));
        both.sample();

        assertEquals(1, samples(both).at("/0/running").intValue());
        assertEquals("[\"us-east-1\"]", samples(both).at("/0/missing").toString());
    }

    @Test
    void showsTheLongestLagOfAllRegions() {
        Trend.Counts quiet = new Trend.Counts(1, 2, null);
        Trend.Counts quick = new Trend.Counts(3, 4, 50L);
        Trend.Counts slow = new Trend.Counts(5, 6, 700L);

        assertEquals(new Trend.Counts(4, 6, 50L), quiet.plus(quick));
        assertEquals(new Trend.Counts(4, 6, 50L), quick.plus(quiet));
        assertEquals(new Trend.Counts(8, 10, 700L), slow.plus(quick));
        assertEquals(new Trend.Counts(8, 10, 700L), quick.plus(slow));
        assertEquals(quiet, Trend.Counts.NONE.plus(quiet));
    }

    @Test
    void saysWhyAServiceFailsUntilItIsSteady() throws Exception {
        ServiceEvent steady = event(2, "(service web) has reached a steady state.");
        ServiceEvent unplaced = event(
                3,
                "(service web) was unable to place a task because no container instance met"
                        + " all of its requirements.");
        ServiceEvent started = event(4, "(service web) has started 1 tasks: (task 1).");

        assertEquals(
                Rest.parse("{\"createdAt\":\"2026-03-01T12:00:03Z\",\"message\":\"" + unplaced.message() + "\"}"),
                problemOf(started, unplaced, steady));
        assertTrue(problemOf(steady, unplaced).isMissingNode());
        assertTrue(problemOf().isMissingNode());
    }

    private static ServiceEvent event(int second, String message) {
        return ServiceEvent.builder()
                .id("e" + second)
                .createdAt(BEGIN.plusSeconds(second))
                .message(message)
                .build();
    }

    private JsonNode problemOf(ServiceEvent... events) throws Exception {
        Service web = service("prod", "web-" + events.length, change -> change.events(events));
        held.put(EntityKind.SERVICE, "prod", web);
        try (Rest rest = Rest.of(held)) {
            return rest.json("/v1/services/prod/" + web.serviceArn()).at("/entity/problem");
        }
    }
}
