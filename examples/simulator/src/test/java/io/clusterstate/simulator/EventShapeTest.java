package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventShapeTest {
    private static final Pattern ISO = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{0,2}[1-9])?Z");

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().seed(11).clock(clock).clusters(2).tasks(300).build();
    private final Clients clients = new Clients(simulator);
    private Set<String> found;
    private List<Event> events;

    /** Lets many things happen and come to rest. */
    @BeforeAll
    void live() {
        found = simulator.truth().tasks().stream().map(it -> it.taskArn()).collect(Collectors.toSet());
        simulator.start();
        SimulatedTime.steps(simulator, clock, 90);
        SimulatedTime.comeToRest(simulator, clock);
        events = clients.events();
    }

    @AfterAll
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void envelopesAreThoseOfEventBridge() {
        var ids = new HashSet<String>();

        for (var event : events) {
            var json = event.json();
            assertEquals("0", json.get("version").textValue());
            assertTrue(event.id().matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
            assertTrue(ids.add(event.id()));
            assertEquals("aws.ecs", json.get("source").asText());
            assertEquals("123456789012", json.get("account").asText());
            assertEquals("us-east-1", json.get("region").asText());
            assertTrue(json.get("time").asText().matches("[^.]*Z"));
            assertEquals(1, json.get("resources").size());
            assertEquals(
                    Set.of(
                            "version",
                            "id",
                            "detail-type",
                            "source",
                            "account",
                            "time",
                            "region",
                            "resources",
                            "detail"),
                    namesOf(json));
        }
        assertEquals(
                Set.of(
                        "ECS Task State Change",
                        "ECS Container Instance State Change",
                        "ECS Service Action",
                        "ECS Deployment State Change"),
                events.stream().map(Event::kind).collect(Collectors.toSet()));
    }

    @Test
    void detailsAreSpelledAsEventsAre() {

        for (var event : events) {
            var detail = event.detail();
            for (var absent : List.of("tags", "healthStatus", "runningTasksCount", "pendingTasksCount")) {
                assertFalse(detail.has(absent), absent);
            }
            detail.properties().forEach(field -> {
                if (field.getKey().endsWith("At")) {
                    assertTrue(ISO.matcher(field.getValue().textValue()).matches(), field.toString());
                }
            });
            assertTrue(detail.has("clusterArn"));
            if (event.isOfTask()) {
                assertEquals(event.resource(), detail.get("taskArn").asText());
                assertTrue(detail.has("updatedAt"));
                detail.get("attachments")
                        .forEach(it -> assertEquals("eni", it.get("type").asText()));
                detail.get("containers").forEach(it -> {
                    assertFalse(it.has("healthStatus"));
                    assertTrue(!it.has("networkBindings")
                            || !it.get("networkBindings").isEmpty());
                });
            }
            if (event.isOfInstance()) {
                assertEquals(
                        event.resource(), detail.get("containerInstanceArn").asText());
                assertTrue(detail.get("attributes").size() >= 30);
                assertTrue(detail.get("version").isIntegralNumber());
                assertEquals(event.version() <= 2, detail.has("registeredAt"), detail.toString());
                assertTrue(detail.has("updatedAt"));
            }
        }
    }

    @Test
    void versionsOfEverythingGrowInTheOrderOfTheQueue() {
        var last = new HashMap<String, Long>();

        for (var event : events) {
            if (event.isOfTask() || event.isOfInstance()) {
                var before = last.put(event.resource(), event.version());
                assertTrue(before == null || before < event.version(), event.resource());
            }
        }
        assertTrue(last.size() > 50);
    }

    @Test
    void theLastEventOfEverythingIsTheTruth() {
        var last = new HashMap<String, JsonNode>();
        for (var event : events) {
            if (event.isOfTask() || event.isOfInstance()) {
                last.put(event.resource(), withoutWhatOnlyEventsSay(event));
            }
        }

        var truth = new HashMap<String, JsonNode>();
        simulator.truth().tasks().forEach(it -> truth.put(it.taskArn(), Spelling.inEvents(it)));
        simulator.truth().instances().forEach(it -> truth.put(it.containerInstanceArn(), Spelling.inEvents(it)));
        last.forEach((arn, detail) -> assertEquals(truth.get(arn), detail));
    }

    @Test
    void everyTaskThatIsNewSinceTheBeginningHasAnEvent() {
        var told = events.stream().filter(Event::isOfTask).map(Event::resource).collect(Collectors.toSet());

        assertTrue(simulator.truth().tasks().stream()
                .map(it -> it.taskArn())
                .filter(it -> !found.contains(it))
                .allMatch(told::contains));
    }

    @Test
    void servicesAndDeploymentsAreAnnounced() {
        var names = new TreeSet<String>();

        for (var event : events) {
            if (event.detail().has("eventName")) {
                names.add(event.detail().get("eventName").asText());
                assertTrue(event.resource().contains(":service/"));
                assertFalse(event.detail().has("version"));
            }
        }

        assertTrue(
                names.containsAll(List.of(
                        "SERVICE_DEPLOYMENT_COMPLETED",
                        "SERVICE_DEPLOYMENT_IN_PROGRESS",
                        "SERVICE_DESIRED_COUNT_UPDATED",
                        "SERVICE_STEADY_STATE")),
                names::toString);
    }

    private static JsonNode withoutWhatOnlyEventsSay(Event event) {
        var detail = event.detail().<ObjectNode>deepCopy();
        detail.remove("updatedAt");
        if (event.isOfInstance()) {
            detail.remove("clusterArn");
        }
        return detail;
    }

    private static Set<String> namesOf(JsonNode json) {
        return new HashSet<>(json.properties().stream().map(Map.Entry::getKey).toList());
    }
}
