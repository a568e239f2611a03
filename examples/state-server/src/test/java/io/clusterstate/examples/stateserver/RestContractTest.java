package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.clusterArn;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static io.clusterstate.testing.InstanceParts.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import io.clusterstate.testing.Entities;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** What a client written for the original service relies on, row by row; and what it could not rely on there. */
class RestContractTest extends OnHeldState {

    // one task

    @Test
    void answersWithOneTaskAndItsRevision() throws InterruptedException {
        held.put(task("prod", "first"));
        long revision = held.put(task("prod", "web-1"));

        JsonNode answer = rest.json("/v1/tasks/prod/" + taskArn("prod", "web-1"));

        assertEquals(
                Long.toString(revision), answer.at("/metadata/entityVersion").textValue());
        assertEquals(taskArn("prod", "web-1"), answer.at("/entity/taskARN").textValue());
    }

    @Test
    void takesAnArnWithEscapedSlashesToo() throws InterruptedException {
        held.put(task("prod", "web-1"));

        String escaped = URLEncoder.encode(taskArn("prod", "web-1"), StandardCharsets.UTF_8);

        assertEquals(200, rest.get("/v1/tasks/prod/" + escaped).statusCode());
    }

    @Test
    void writesATaskInTheWordsOfTheOriginal() throws InterruptedException {
        held.put(task("prod", "web-1", changes -> changes.containerInstanceArn(instanceArn("prod", "i-1"))
                .startedAt(Instant.parse("2026-03-01T11:59:30.5Z"))
                .stoppedAt(Instant.parse("2026-03-01T12:00:00Z"))
                .stoppedReason("Essential container in task exited")
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .containers(Container.builder()
                        .containerArn("arn:aws:ecs:eu-west-1:123456789012:container/c1")
                        .name("web")
                        .lastStatus("STOPPED")
                        .exitCode(137)
                        .reason("OutOfMemoryError: Container killed due to memory usage")
                        .networkBindings(NetworkBinding.builder()
                                .bindIP("0.0.0.0")
                                .containerPort(80)
                                .hostPort(32_768)
                                .protocol("tcp")
                                .build())
                        .build())
                .overrides(TaskOverride.builder()
                        .taskRoleArn("arn:aws:iam::123456789012:role/web")
                        .containerOverrides(ContainerOverride.builder()
                                .name("web")
                                .command("serve", "--port=80")
                                .build())
                        .build())));

        JsonNode entity =
                rest.json("/v1/tasks/prod/" + taskArn("prod", "web-1")).get("entity");

        JsonNode expected = Rest.parse(
                """
                {
                  "clusterARN": "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
                  "containerInstanceARN": "arn:aws:ecs:eu-west-1:123456789012:container-instance/prod/i-1",
                  "containers": [{
                    "containerARN": "arn:aws:ecs:eu-west-1:123456789012:container/c1",
                    "exitCode": 137,
                    "lastStatus": "STOPPED",
                    "name": "web",
                    "networkBindings": [
                      {"bindIP": "0.0.0.0", "containerPort": 80, "hostPort": 32768, "protocol": "tcp"}],
                    "reason": "OutOfMemoryError: Container killed due to memory usage"
                  }],
                  "createdAt": "2026-03-01T11:59:00Z",
                  "desiredStatus": "STOPPED",
                  "lastStatus": "STOPPED",
                  "overrides": {
                    "containerOverrides": [{"name": "web", "command": ["serve", "--port=80"]}],
                    "taskRoleArn": "arn:aws:iam::123456789012:role/web"
                  },
                  "startedAt": "2026-03-01T11:59:30.500Z",
                  "startedBy": "ecs-svc/1",
                  "stoppedAt": "2026-03-01T12:00:00Z",
                  "stoppedReason": "Essential container in task exited",
                  "taskARN": "arn:aws:ecs:eu-west-1:123456789012:task/prod/web-1",
                  "taskDefinitionARN": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1"
                }
                """);
        expected.fieldNames().forEachRemaining(name -> assertEquals(expected.get(name), entity.get(name), name));
    }

    @Test
    void leavesOutTheInstanceOfATaskOnFargate() throws InterruptedException {
        held.put(task("prod", "web-1", changes -> changes.launchType("FARGATE").containerInstanceArn(null)));

        JsonNode entity = rest.json("/v1/tasks").at("/items/0/entity");

        assertFalse(entity.has("containerInstanceARN"));
        assertFalse(entity.has("startedAt"));
        assertTrue(entity.get("overrides").get("containerOverrides").isEmpty());
    }

    @Test
    void redactsWhatMayBeSecret() throws InterruptedException {
        held.put(task(
                "prod",
                "web-1",
                changes -> changes.overrides(TaskOverride.builder()
                        .containerOverrides(ContainerOverride.builder()
                                .name("web")
                                .environment(variable("TOKEN", "hunter2"), variable("EMPTY", ""))
                                .build())
                        .build())));
        String path = "/v1/tasks/prod/" + taskArn("prod", "web-1");
        String variable = "/entity/overrides/containerOverrides/0/environment/0/value";

        assertEquals(TaskJson.REDACTED, rest.json(path).at(variable).textValue());
        try (Rest open = Rest.of(held, options -> options.showEnvironment = true)) {
            assertEquals("hunter2", open.json(path).at(variable).textValue());
            assertEquals(
                    "",
                    open.json(path)
                            .at("/entity/overrides/containerOverrides/0/environment/1/value")
                            .textValue());
        }
    }

    private static KeyValuePair variable(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    @Test
    void knowsNoTaskThatIsNotThere() throws InterruptedException {
        held.put(task("prod", "web-1"));

        refused(404, "Task not found", "/v1/tasks/prod/" + taskArn("prod", "web-2"));
        refused(404, "Task not found", "/v1/tasks/test/" + taskArn("prod", "web-1"));
        refused(404, "Instance not found", "/v1/instances/prod/" + instanceArn("prod", "i-1"));
        refused(404, "Service not found", "/v1/services/prod/" + Entities.serviceArn("prod", "web"));
        refused(404, "Cluster not found", "/v1/clusters/prod");
    }

    @Test
    void refusesAPathThatNamesNothing() throws InterruptedException {
        refused(400, "Invalid ARN", "/v1/tasks/prod/web-1");
        refused(400, "Invalid cluster ARN or name", "/v1/tasks/pr%2Aod/" + taskArn("prod", "web-1"));
        assertEquals(404, rest.get("/v1/taskz").statusCode());
    }

    // lists

    @Test
    void listsInAStableOrderWithTheRevisionThatIsShown() throws InterruptedException {
        for (String id : List.of("c", "a", "b")) {
            held.put(task("prod", id));
        }
        long revision = held.remove(taskArn("prod", "b"));

        HttpResponse<String> answer = rest.get("/v1/tasks");

        assertEquals(List.of(taskArn("prod", "a"), taskArn("prod", "c")), arns(Rest.parse(answer.body())));
        assertEquals(Long.toString(revision), header(answer, "X-Entity-Version"));
        assertTrue(header(answer, "Content-Type").startsWith("application/json"), header(answer, "Content-Type"));
    }

    @Test
    void answersNotModifiedUntilSomethingChanges() throws InterruptedException {
        held.put(task("prod", "a"));
        String tag = header(rest.get("/v1/tasks"), "ETag");

        assertEquals(304, rest.get("/v1/tasks", "If-None-Match", tag).statusCode());
        assertEquals(
                304, rest.get("/v1/tasks", "If-None-Match", "\"other\", " + tag).statusCode());
        assertEquals(
                304,
                rest.get("/v1/tasks", "If-None-Match", tag.substring("W/".length()))
                        .statusCode());
        held.put(task("prod", "b"));
        assertEquals(200, rest.get("/v1/tasks", "If-None-Match", tag).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/tasks", "/v1/clusters/prod", "/", "/main.js"})
    void takesAnAsteriskForEveryTag(String path) throws InterruptedException {
        held.put(EntityKind.CLUSTER, "prod", Entities.cluster("prod"));

        HttpResponse<String> answer = rest.get(path, "If-None-Match", "*");

        assertEquals(304, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals(200, rest.get(path, "If-None-Match", "\"*\"").statusCode());
        assertEquals(404, rest.get("/v1/clusters/nowhere", "If-None-Match", "*").statusCode());
    }

    @Test
    void namesNoTimeThatIsUnknown() throws InterruptedException {
        String freshness = rest.get("/v1/freshness").body();

        assertFalse(freshness.contains("1970"), freshness);
        held.cutOff();
        assertTrue(rest.json("/v1/freshness").at("/store/since").isTextual());
    }

    @Test
    void compressesForWhoAsks() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            held.put(task("prod", "web-" + i));
        }

        HttpResponse<String> answer = rest.get("/v1/tasks", "Accept-Encoding", "gzip");

        assertEquals("gzip", header(answer, "Content-Encoding"));
        assertTrue(answer.body().length() < rest.get("/v1/tasks").body().length() / 5);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/tasks?status=running,                     a1 b1",
        "/v1/tasks?status=Stopped,                     a2",
        "/v1/tasks?status=DEPROVISIONING,              b2",
        "/v1/tasks?cluster=alpha,                      a1 a2",
        "/v1/tasks?cluster=arn:aws:ecs:eu-west-1:123456789012:cluster/beta, b1 b2",
        "/v1/tasks?startedBy=me,                       a1 a2",
        "/v1/tasks?startedBy=me&status=running&cluster=alpha, a1",
        "/v1/tasks?cluster=nowhere,                    ''"
    })
    void narrowsTasks(String path, String expected) throws InterruptedException {
        String alpha = "alpha";
        String beta = "beta";
        held.put(EntityKind.TASK, alpha, task(alpha, "a1", changes -> changes.startedBy("me")));
        held.put(EntityKind.TASK, alpha, task(alpha, "a2", changes -> changes.startedBy("me")
                .lastStatus("STOPPED")));
        held.put(EntityKind.TASK, beta, task(beta, "b1"));
        held.put(EntityKind.TASK, beta, task(beta, "b2", changes -> changes.lastStatus("DEPROVISIONING")));

        assertEquals(expected, ids(rest.json(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/instances,                 i1 i2 i3",
        "/v1/instances?status=active,   i1",
        "/v1/instances?status=INACTIVE, i2",
        "/v1/instances?status=draining, i3",
        "/v1/instances?cluster=x,       ''"
    })
    void narrowsInstances(String path, String expected) throws InterruptedException {
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "i1"));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "i2", changes -> changes.status("INACTIVE")));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "i3", changes -> changes.status("DRAINING")));

        assertEquals(expected, ids(rest.json(path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/tasks?status=dead", "/v1/tasks?status=", "/v1/instances?status=running"})
    void refusesAStatusThatEcsDoesNotHave(String path) throws InterruptedException {
        refused(400, "Invalid status", path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/tasks?cluster=a%20b", "/v1/instances?cluster=arn:aws:ecs:nowhere", "/v1/tasks?cluster="})
    void refusesAClusterThatIsNone(String path) throws InterruptedException {
        refused(400, "Invalid cluster ARN or name", path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "7", "1st-cluster", "a_b"})
    void takesEveryNameThatEcsTakes(String cluster) throws InterruptedException {
        assertEquals("", ids(rest.json("/v1/tasks?cluster=" + cluster)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/tasks?state=running", "/v1/instances?startedBy=me", "/v1/stream/tasks?status=running"})
    void refusesAFilterThatItDoesNotKnow(String path) throws InterruptedException {
        refused(400, "At least one of the filters provided is unsupported", path);
    }

    @Test
    void refusesAFilterThatComesTwice() throws InterruptedException {
        refused(
                400,
                "At least one of the filters provided is specified multiple times",
                "/v1/tasks?status=running&status=stopped");
    }

    @Test
    void tellsClustersOfOneNameApart() throws InterruptedException {
        String here = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
        String there = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";
        held.put(EntityKind.TASK, here, task(here, "a"));
        held.put(EntityKind.TASK, there, task(there, "a"));

        assertEquals("a", ids(rest.json("/v1/tasks?cluster=" + there)));
        assertEquals("a a", ids(rest.json("/v1/tasks?cluster=prod")));
        assertEquals(
                there,
                rest.json("/v1/tasks/prod/arn:aws:ecs:us-east-1:123456789012:task/prod/a")
                        .at("/entity/clusterARN")
                        .textValue());
    }

    // instances, and what v1 did not know

    @Test
    void writesAnInstanceInTheWordsOfTheOriginal() throws InterruptedException {
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "i1", changes -> changes.agentUpdateStatus("UPDATED")
                .versionInfo(VersionInfo.builder()
                        .agentHash("0931217")
                        .agentVersion("1.9.0")
                        .dockerVersion("DockerVersion: 1.9.1")
                        .build())
                .remainingResources(
                        Resource.builder()
                                .name("CPU")
                                .type("INTEGER")
                                .integerValue(2048)
                                .build(),
                        Resource.builder()
                                .name("BIG")
                                .type("LONG")
                                .longValue(5_000_000_000L)
                                .build(),
                        Resource.builder()
                                .name("PART")
                                .type("DOUBLE")
                                .doubleValue(0.5)
                                .build(),
                        Resource.builder()
                                .name("PORTS")
                                .type("STRINGSET")
                                .stringSetValue("22", "2375")
                                .build(),
                        Resource.builder()
                                .name("PORTS_UDP")
                                .type("STRINGSET")
                                .stringSetValue(List.of())
                                .build(),
                        Resource.builder().name("UNKNOWN").type("INTEGER").build())
                .attributes(attribute("ecs.instance-type", "c5.large"), attribute("ecs.capability.external", null))));

        JsonNode entity =
                rest.json("/v1/instances/prod/" + instanceArn("prod", "i1")).get("entity");

        assertEquals(clusterArn("prod"), entity.get("clusterARN").textValue());
        assertEquals(
                instanceArn("prod", "i1"), entity.get("containerInstanceARN").textValue());
        assertEquals("i-i1", entity.get("EC2InstanceID").textValue());
        assertTrue(entity.get("agentConnected").booleanValue());
        assertEquals("UPDATED", entity.get("agentUpdateStatus").textValue());
        assertEquals("ACTIVE", entity.get("status").textValue());
        assertEquals(
                Rest.parse(
                        "{\"agentHash\":\"0931217\",\"agentVersion\":\"1.9.0\",\"dockerVersion\":\"DockerVersion: 1.9.1\"}"),
                entity.get("versionInfo"));
        assertEquals(
                Rest.parse(
                        """
                        [{"name":"ecs.instance-type","value":"c5.large"},
                         {"name":"ecs.capability.external","value":""}]
                        """),
                entity.get("attributes"));
        assertEquals(
                Rest.parse(
                        """
                        [{"name":"CPU","type":"INTEGER","value":"2048"},
                         {"name":"BIG","type":"LONG","value":"5000000000"},
                         {"name":"PART","type":"DOUBLE","value":"0.50"},
                         {"name":"PORTS","type":"STRINGSET","value":"22,2375"},
                         {"name":"PORTS_UDP","type":"STRINGSET","value":""},
                         {"name":"UNKNOWN","type":"INTEGER","value":""}]
                        """),
                entity.get("remainingResources"));
    }

    @Test
    void answersWithServicesAndClusters() throws InterruptedException {
        held.put(EntityKind.CLUSTER, "prod", Entities.cluster("prod"));
        held.put(EntityKind.SERVICE, "prod", Entities.service("prod", "web"));

        assertEquals(
                "web",
                rest.json("/v1/services").at("/items/0/entity/serviceName").textValue());
        assertEquals(
                "web",
                rest.json("/v1/services/prod/" + Entities.serviceArn("prod", "web"))
                        .at("/entity/serviceName")
                        .textValue());
        assertEquals(
                "prod",
                rest.json("/v1/clusters").at("/items/0/entity/clusterName").textValue());
        assertEquals(
                "prod", rest.json("/v1/clusters/prod").at("/entity/clusterName").textValue());
        assertEquals("", ids(rest.json("/v1/services?status=draining")));
        refused(400, "Invalid status", "/v1/clusters?status=running");
    }

    // the process

    @Test
    void isUpBeforeItIsReadyAndSaysWhatItWaitsFor() throws InterruptedException {
        held.loading();

        for (String path : List.of("/v1/tasks", "/v1/instances", "/v1/stream/tasks", "/v1/events")) {
            HttpResponse<String> answer = rest.get(path);
            assertEquals(503, answer.statusCode(), path);
            assertTrue(answer.body().contains("the test has not loaded it"), answer.body());
            assertEquals("1", header(answer, "Retry-After"));
        }
        assertEquals(200, rest.get("/v1/ping").statusCode());
        assertEquals(200, rest.get("/healthz").statusCode());
        assertEquals(503, rest.get("/readyz").statusCode());
        assertFalse(rest.json("/v1/freshness").get("ready").booleanValue());

        held.loaded();
        assertEquals(200, rest.get("/v1/tasks").statusCode());
        assertEquals("ready and fresh", rest.get("/readyz").body());
    }

    @Test
    void answersFromMemoryWhileCutOffAndIsNotReadyThen() throws InterruptedException {
        held.put(task("prod", "web-1"));
        held.cutOff();

        assertEquals("web-1", ids(rest.json("/v1/tasks")));
        assertEquals(503, rest.get("/readyz").statusCode());
        JsonNode freshness = rest.json("/v1/freshness");
        assertTrue(freshness.get("ready").booleanValue());
        assertFalse(freshness.get("fresh").booleanValue());
        assertEquals("STALE", freshness.at("/store/state").textValue());
        assertTrue(freshness.at("/unmet/0").textValue().startsWith("the store is STALE since"), freshness.toString());
    }

    @Test
    void isReadyInStandbyWhileEcsConfirmsAndSaysSo() throws InterruptedException {
        held.standBy();

        HttpResponse<String> answer = rest.get("/readyz");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().startsWith("ready: the store is STANDBY since "), answer.body());
        assertFalse(rest.json("/v1/freshness").get("fresh").booleanValue());
        assertEquals("STANDBY", rest.json("/v1/freshness").at("/store/state").textValue());

        held.confirmedAt(Instant.now().minusSeconds(46 * 60));
        assertEquals(503, rest.get("/readyz").statusCode());
    }

    @Test
    void isNotReadyWhenEcsConfirmedTooLongAgo() throws InterruptedException {
        held.confirmedAt(Instant.now().minusSeconds(46 * 60));

        HttpResponse<String> answer = rest.get("/readyz");

        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().startsWith("stale: ECS has confirmed the state up to "), answer.body());
    }

    @Test
    void tellsWhatFailsInsideWithoutATrace() throws InterruptedException {
        held.breakWith(new IllegalStateException("a secret of the inside"));

        refused(500, "Unexpected internal server error", "/v1/tasks");
    }

    @Test
    void saysThatAnswersDifferByEncoding() throws InterruptedException {
        assertEquals("Accept-Encoding", header(rest.get("/v1/tasks"), "Vary"));
    }

    @ParameterizedTest
    @CsvSource({"/v1/tasks, 200", "/v1/tasks?status=bogus, 400", "/v1/clusters/nowhere, 404", "/v1/stream/tasks, 405"})
    void answersHeadAsItAnswersGet(String path, int status) throws InterruptedException {
        HttpRequest head = HttpRequest.newBuilder(rest.uri(path))
                .method("HEAD", BodyPublishers.noBody())
                .build();

        HttpResponse<String> answer = rest.send(head);

        assertEquals(status, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals(status == 200, answer.headers().firstValue("ETag").isPresent());
    }

    @Test
    void isNotReadyByHeadEither() throws InterruptedException {
        held.loading();

        HttpRequest head = HttpRequest.newBuilder(rest.uri("/readyz"))
                .method("HEAD", BodyPublishers.noBody())
                .build();

        assertEquals(503, rest.send(head).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/tasks?%zz=1", "/v1/tasks?status=running&status=%zz", "/v1/tasks?cluster=%zz"})
    void passesOverNothingThatItCannotDecode(String query) throws IOException {
        assertEquals(400, RawHttp.get(rest.port(), "GET", query, "").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset", "x; charset=nonsense"})
    void readsFiltersWhateverTheRequestSaysOfItsBody(String type) throws IOException {
        held.put(task("prod", "web-1"));

        RawHttp.Answer answer =
                RawHttp.get(rest.port(), "GET", "/v1/tasks?status=stopped", "Content-Type: " + type + "\r\n");

        assertEquals(200, answer.status());
        assertEquals("{\"items\":[]}", answer.body());
    }

    // helpers

    private void refused(int status, String text, String path) throws InterruptedException {
        HttpResponse<String> answer = rest.get(path);
        assertEquals(text, answer.body(), path);
        assertEquals(status, answer.statusCode(), path);
        assertTrue(header(answer, "Content-Type").startsWith("text/plain"), header(answer, "Content-Type"));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    private static List<String> arns(JsonNode answer) {
        return StreamSupport.stream(answer.get("items").spliterator(), false)
                .map(item -> item.get("entity"))
                .map(entity -> entity.has("taskARN") ? entity.get("taskARN") : entity.path("containerInstanceARN"))
                .map(JsonNode::textValue)
                .toList();
    }

    private static String ids(JsonNode answer) {
        return String.join(
                " ",
                arns(answer).stream()
                        .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
                        .toList());
    }
}
