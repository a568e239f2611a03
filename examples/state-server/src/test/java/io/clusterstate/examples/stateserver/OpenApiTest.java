package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The document that is served, against the routes that there are and what they answer. */
@Timeout(300)
class OpenApiTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonSchemaFactory SCHEMAS =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012); // which OpenAPI 3.1 builds on
    private static final Set<String> STREAMS = Set.of("application/octet-stream", "text/event-stream");

    private static Server server;
    private static JsonNode document;

    @BeforeAll
    static void start(@TempDir Path archive) throws Exception {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.simulate = true;
        options.archive = archive;
        options.simulateTasks = 200;
        options.simulateRate = 50;
        server = Server.start(options, null);
        server.source().view().awaitReady(Duration.ofSeconds(60));
        document = Rest.parse(get("/v1/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void describesEveryRouteAndNoOther() {
        Set<String> described = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(described::add);

        assertEquals(server.routes(), described);
    }

    /** Every answer may be a 421, and an answer that ends has a HEAD with the same parameters and statuses. */
    @Test
    void describesOtherHostsAndHeadOfEveryRoute() {
        document.get("paths").properties().forEach(path -> {
            JsonNode get = path.getValue().path("get");
            assertTrue(get.at("/responses").has("421"), path.getKey());
            if (path.getKey().contains("/stream/") || path.getKey().endsWith("/events")) {
                return;
            }
            JsonNode head = path.getValue().path("head");
            assertEquals(get.path("parameters"), head.path("parameters"), path.getKey());
            assertEquals(namesIn(get.get("responses")), namesIn(head.path("responses")), path.getKey());
        });
    }

    private static Set<String> namesIn(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void answersAsDescribed() throws Exception {
        String task = Rest.parse(get("/v1/tasks?status=running").body())
                .at("/items/0/entity/taskARN")
                .textValue();
        String instance = Rest.parse(get("/v1/instances").body())
                .at("/items/0/entity/containerInstanceARN")
                .textValue();
        String service = Rest.parse(get("/v1/services").body())
                .at("/items/0/entity/serviceARN")
                .textValue();
        Set<String> unseen = new LinkedHashSet<>();
        document.get("paths").fieldNames().forEachRemaining(unseen::add);

        check("/v1/tasks", "/v1/tasks", 200, unseen);
        check("/v1/tasks", "/v1/tasks?status=dead", 400, unseen);
        check("/v1/tasks", "/v1/tasks?cluster=a%20b", 400, unseen);
        check("/v1/tasks", "/v1/tasks?x=1", 400, unseen);
        check("/v1/tasks", "/v1/tasks?status=running&status=running", 400, unseen);
        check("/v1/tasks", "/v1/tasks?ended=false&limit=3", 200, unseen);
        check("/v1/tasks", "/v1/tasks?ended=maybe", 400, unseen);
        check("/v1/tasks", "/v1/tasks?limit=0", 400, unseen);
        check("/v1/tasks", "/v1/tasks?next=x", 400, unseen);
        check("/v1/brief/tasks", "/v1/brief/tasks?limit=3", 200, unseen);
        check("/v1/brief/instances", "/v1/brief/instances", 200, unseen);
        check("/v1/brief/events", "/v1/brief/events?x=1", 400, unseen);
        check("/v1/instances", "/v1/instances", 200, unseen);
        check("/v1/services", "/v1/services", 200, unseen);
        check("/v1/clusters", "/v1/clusters", 200, unseen);
        check("/v1/tasks/{cluster}/{arn}", path("/v1/tasks/", task), 200, unseen);
        check("/v1/tasks/{cluster}/{arn}", path("/v1/tasks/", task) + "0", 404, unseen);
        check("/v1/tasks/{cluster}/{arn}", "/v1/tasks/default/x", 400, unseen);
        check("/v1/instances/{cluster}/{arn}", path("/v1/instances/", instance), 200, unseen);
        check("/v1/instances/{cluster}/{arn}", path("/v1/instances/", instance) + "0", 404, unseen);
        check("/v1/services/{cluster}/{arn}", path("/v1/services/", service), 200, unseen);
        check("/v1/services/{cluster}/{arn}", path("/v1/services/", service) + "0", 404, unseen);
        check("/v1/clusters/{cluster}", "/v1/clusters/default", 200, unseen);
        check("/v1/clusters/{cluster}", "/v1/clusters/nowhere", 404, unseen);
        check("/v1/stream/tasks", "/v1/stream/tasks?entityVersion=0", 400, unseen);
        check("/v1/stream/tasks", "/v1/stream/tasks?entityVersion=99999999", 400, unseen);
        check("/v1/stream/instances", "/v1/stream/instances?entityVersion=x", 400, unseen);
        check("/v1/stream/services", "/v1/stream/services?entityVersion=x", 400, unseen);
        check("/v1/stream/clusters", "/v1/stream/clusters?entityVersion=x", 400, unseen);
        check("/v1/events", "/v1/events?x=1", 400, unseen);
        Await.await(() -> !stopped().isEmpty());
        String stopped = stopped();
        check("/v1/history/tasks", "/v1/history/tasks?limit=2", 200, unseen);
        check("/v1/history/tasks", "/v1/history/tasks?limit=0", 400, unseen);
        check("/v1/history/reasons", "/v1/history/reasons", 200, unseen);
        check("/v1/history", "/v1/history?arn=" + stopped, 200, unseen);
        check("/v1/history", "/v1/history?arn=" + service, 200, unseen);
        check("/v1/history", "/v1/history?arn=" + task + "0", 404, unseen);
        check("/v1/history", "/v1/history", 400, unseen);
        check("/v1/history/tasks", "/v1/history/tasks?q=" + "a".repeat(1_001), 400, unseen);
        check("/v1/history/reasons", "/v1/history/reasons?reason=" + "a".repeat(1_001), 400, unseen);
        check("/v1/history/reasons", "/v1/history/reasons?q=" + "%F0%9F%90%99".repeat(1_000), 200, unseen);
        check("/v1/history/reasons", "/v1/history/reasons?exitCode=x", 400, unseen);
        check("/v1/freshness", "/v1/freshness", 200, unseen);
        check("/v1/trend", "/v1/trend", 200, unseen);
        check("/v1/status", "/v1/status", 200, unseen);
        check("/v1/ping", "/v1/ping", 200, unseen);
        check("/v1/openapi.json", "/v1/openapi.json", 200, unseen);
        check("/healthz", "/healthz", 200, unseen);
        check("/readyz", "/readyz", 200, unseen);
        check("/metrics", "/metrics", 200, unseen);
        check("/v1/prometheus-sd", "/v1/prometheus-sd?port=80&instanceDomain=ec2.internal", 200, unseen);
        check("/v1/prometheus-sd", "/v1/prometheus-sd", 400, unseen);
        check("/v1/prometheus-sd", "/v1/prometheus-sd?port=1&instanceDomain=a", 400, unseen);

        assertEquals(Set.of(), unseen, "described and not asked");
    }

    @Test
    void streamsAsDescribed() throws Exception {
        try (BufferedReader lines = open("/v1/stream/tasks")) {
            for (int i = 0; i < 20; i++) {
                String line = lines.readLine();
                if (!line.isEmpty()) {
                    assertValid("#/components/schemas/TaskItem", Rest.parse(line));
                }
            }
        }
    }

    @Test
    void tellsEventsAsDescribed() throws Exception {
        Set<String> seen = new HashSet<>();
        try (BufferedReader lines = open("/v1/events?entityVersion=99999999")) { // which is none
            while (!seen.containsAll(Set.of("changes", "freshness", "reset"))) {
                Event event = Event.next(lines);
                seen.add(event.name());
                String name = event.name().substring(0, 1).toUpperCase(Locale.ROOT)
                        + event.name().substring(1)
                        + (event.isFreshness() ? "" : "Event");
                assertValid("#/components/schemas/" + name, event.data());
                for (JsonNode change : event.data().path("changes")) {
                    String kind = change.get("kind").textValue();
                    assertValid("#/components/schemas/" + schemaOf(kind), change.get("entity"));
                }
            }
        }
    }

    @Test
    void tellsBriefEventsAsDescribed() throws Exception {
        Set<String> seen = new HashSet<>();
        try (BufferedReader lines = open("/v1/brief/events")) {
            while (!seen.containsAll(Set.of("changes", "freshness", "ended"))) {
                Event event = Event.next(lines);
                seen.add(event.name());
                String name = event.name().substring(0, 1).toUpperCase(Locale.ROOT)
                        + event.name().substring(1)
                        + (event.isFreshness() ? "" : "Event");
                assertValid(
                        "#/components/schemas/" + (name.equals("ChangesEvent") ? "BriefChangesEvent" : name),
                        event.data());
                for (JsonNode change : event.data().path("changes")) {
                    String schema = schemaOf(change.get("kind").textValue());
                    boolean isBrief = schema.equals("Task") || schema.equals("Instance");
                    assertValid("#/components/schemas/" + (isBrief ? "Brief" : "") + schema, change.get("entity"));
                }
            }
        }
    }

    @Test
    void noticesWhatIsNotAsDescribed() {
        JsonNode wrong = Rest.parse("{\"items\":[{\"metadata\":{\"entityVersion\":7},\"entity\":{}}]}");

        assertFalse(schema("#/components/schemas/TaskList").validate(wrong).isEmpty());
    }

    private static String schemaOf(String kind) {
        return switch (kind) {
            case "task" -> "Task";
            case "container-instance" -> "Instance";
            case "service" -> "Service";
            default -> "Cluster";
        };
    }

    /** Asks, and compares with what is described for that path and status. */
    private static void check(String path, String asked, int status, Set<String> unseen) throws Exception {
        unseen.remove(path);
        HttpResponse<String> answer = get(asked);
        assertEquals(status, answer.statusCode(), asked + ": " + answer.body());
        JsonNode content = described(path, status).path("content");
        String type = answer.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", "");
        assertTrue(content.has(type), asked + ": " + type + " (expected: one of " + content + ")");
        assertFalse(STREAMS.contains(type), asked);
        JsonNode body = type.equals("application/json") ? Rest.parse(answer.body()) : TextNode.valueOf(answer.body());
        JsonNode schema = content.get(type).get("schema");
        if (schema.has("$ref")) {
            assertValid(schema.get("$ref").textValue(), body);
        } else {
            assertEquals(Set.of(), SCHEMAS.getSchema(schema).validate(body), asked);
        }
    }

    private static JsonNode described(String path, int status) {
        JsonNode response = document.at("/paths").get(path).at("/get/responses").path(Integer.toString(status));
        return response.has("$ref")
                ? document.at(response.get("$ref").textValue().substring("#".length()))
                : response;
    }

    private static void assertValid(String reference, JsonNode value) {
        assertEquals(Set.of(), schema(reference).validate(value), value.toString());
    }

    /** A schema of the document, with everything that it refers to. */
    private static JsonSchema schema(String reference) {
        ObjectNode wrapped = Rest.JSON.createObjectNode();
        wrapped.put("$ref", reference);
        wrapped.set("components", document.get("components"));
        return SCHEMAS.getSchema(wrapped);
    }

    /** The ARN of the task that stopped last; empty if the archive has none yet. */
    private static String stopped() {
        try {
            return Rest.parse(get("/v1/history/tasks").body())
                    .at("/items/0/taskARN")
                    .asText();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String path(String prefix, String arn) {
        return prefix + EcsArn.parse(arn).orElseThrow().clusterName().orElseThrow() + '/' + arn;
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(request(path), BodyHandlers.ofString());
    }

    private static BufferedReader open(String path) throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(
                CLIENT.send(request(path), BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
    }
}
