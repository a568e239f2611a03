package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.clusterArn;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Entities;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** The history over HTTP, from what the view holds. */
class HistoryTest extends OnHeldState {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration QUICK = Duration.ofMillis(150);

    private static Task ended(String id, int second, Consumer<Task.Builder> changes) {
        return task("prod", id, changes.andThen(built -> built.version(9L)
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stoppedAt(NOON.plusSeconds(second))));
    }

    private static Container exited(Integer code, String reason) {
        return Container.builder()
                .name("web")
                .image("shop/cart:7")
                .exitCode(code)
                .reason(reason)
                .build();
    }

    private static List<String> idsIn(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.get("items")
                .forEach(item -> ids.add(item.get("taskARN").textValue().replaceAll(".*/", "")));
        return ids;
    }

    private void putThreeFailures() {
        held.put(task("prod", "alive"));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "1"));
        held.put(ended("oom", 1, changes -> changes.stopCode("EssentialContainerExited")
                .stoppedReason("Essential container in task exited")
                .containerInstanceArn(instanceArn("prod", "1"))
                .containers(exited(137, "OutOfMemoryError: Container killed due to memory usage"))));
        held.put(ended("pull", 2, changes -> changes.stopCode("TaskFailedToStart")
                .group("service:cart")
                .taskDefinitionArn(Entities.taskDefinitionArn("prod", "cart", 3))
                .stoppedReason("CannotPullContainerError: pull image manifest has been retried 5 time(s)")
                .containers(exited(null, null))));
        held.put(ended("health", 3, changes -> changes.stopCode("ServiceSchedulerInitiated")
                .stoppedReason("Task failed ELB health checks in (target-group arn:aws:x:targetgroup/web/1a2b)")
                .containers(exited(0, null))));
    }

    @Test
    void listsEndedTasksNewestStopFirst() throws InterruptedException {
        putThreeFailures();

        JsonNode answer = rest.json("/v1/history/tasks");

        assertEquals(List.of("health", "pull", "oom"), idsIn(answer));
        assertEquals(3, answer.get("total").intValue());
        assertEquals("view", answer.get("source").textValue());
        assertEquals(
                Rest.parse(
                        """
                        {
                          "taskARN": "arn:aws:ecs:eu-west-1:123456789012:task/prod/oom",
                          "clusterARN": "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
                          "service": "web",
                          "group": "service:web",
                          "family": "web",
                          "taskDefinitionARN": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
                          "launchType": "EC2",
                          "containerInstanceARN": "arn:aws:ecs:eu-west-1:123456789012:container-instance/prod/1",
                          "EC2InstanceID": "i-1",
                          "lastStatus": "STOPPED",
                          "stopCode": "EssentialContainerExited",
                          "stoppedReason": "Essential container in task exited",
                          "containers": [{
                            "name": "web",
                            "image": "shop/cart:7",
                            "exitCode": 137,
                            "reason": "OutOfMemoryError: Container killed due to memory usage"
                          }],
                          "createdAt": "2026-03-01T11:59:00Z",
                          "stoppedAt": "2026-03-01T12:00:01Z"
                        }
                        """),
                answer.at("/items/2"));
    }

    @ParameterizedTest
    @CsvSource({
        "service=cart, pull",
        "family=web, health oom",
        "reason=MEMORY+killed, oom",
        "reason=memory+pull, ''",
        "stopCode=TaskFailedToStart, pull",
        "exitCode=137, oom",
        "exitCode=1, ''",
        "q=exit+137, oom",
        "q=exit+13, ''",
        "q=137, oom",
        "q=cannotpull+CART, pull",
        "q=shop/cart:7, health pull oom",
        "q=task/prod/hea, health",
        "q=elb+exit+0, health",
        "cluster=prod&q=web&exitCode=0, health",
        "cluster=test, ''"
    })
    void filters(String query, String ids) throws InterruptedException {
        putThreeFailures();

        assertEquals(ids, String.join(" ", idsIn(rest.json("/v1/history/tasks?" + query))));
    }

    @Test
    void pagesThroughTasksWhileOthersEnd() throws InterruptedException {
        for (int i = 0; i < 25; i++) {
            held.put(ended("t" + i, i / 3, changes -> {}));
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = rest.json("/v1/history/tasks?limit=4" + next);
            seen.addAll(idsIn(page));
            held.put(ended("later" + seen.size(), 1_000, changes -> {}));
            next = page.has("next") ? "&next=" + page.get("next").textValue() : null;
        } while (next != null);

        assertEquals(25, seen.size());
        assertEquals(25, seen.stream().distinct().count());
        assertEquals(32, rest.json("/v1/history/tasks").get("total").intValue());
    }

    @Test
    void forgetsWhatTheViewForgets() throws InterruptedException {
        putThreeFailures();
        assertEquals(3, rest.json("/v1/history/tasks").get("total").intValue());

        held.remove(taskArn("prod", "pull"));

        assertEquals(List.of("health", "oom"), idsIn(rest.json("/v1/history/tasks")));
    }

    @Test
    void groupsByCauseWithoutWhatDiffersFromTaskToTask() throws InterruptedException {
        for (int i = 0; i < 8; i++) {
            int number = i;
            held.put(ended("t" + i, i, changes -> changes.stopCode("ServiceSchedulerInitiated")
                    .group("service:s" + number)
                    .stoppedReason("(service web) (instance i-0123456789abcde" + number + ") (port 3276" + number
                            + ") is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/w/"
                            + number + ") due to (reason Health checks failed with these codes: [502])")));
        }
        held.put(ended("other", 3, changes -> changes.stopCode("UserInitiated").stoppedReason("by hand")));

        JsonNode answer = rest.json("/v1/history/reasons");

        assertEquals(
                Rest.parse(
                        """
                        {"items": [{
                          "stopCode": "ServiceSchedulerInitiated",
                          "reason": "(service web) (instance …) (port …) is unhealthy in (target-group …) due to (reason \
                        Health checks failed with these codes: [502])",
                          "tasks": 8,
                          "lastStoppedAt": "2026-03-01T12:00:07Z",
                          "firstStoppedAt": "2026-03-01T12:00:00Z",
                          "services": ["s7", "s6", "s5", "s4", "s3"],
                          "example": "arn:aws:ecs:eu-west-1:123456789012:task/prod/t7"
                        }, {
                          "stopCode": "UserInitiated",
                          "reason": "by hand",
                          "tasks": 1,
                          "lastStoppedAt": "2026-03-01T12:00:03Z",
                          "firstStoppedAt": "2026-03-01T12:00:03Z",
                          "services": ["web"],
                          "example": "arn:aws:ecs:eu-west-1:123456789012:task/prod/other"
                        }], "total": 2, "source": "view"}
                        """),
                answer);
        assertEquals(
                1,
                rest.json("/v1/history/reasons?stopCode=UserInitiated")
                        .get("total")
                        .intValue());
    }

    private JsonNode timeline(String arn) throws InterruptedException {
        return rest.json("/v1/history?arn=" + URLEncoder.encode(arn, StandardCharsets.UTF_8));
    }

    @Test
    void showsTheTimelineOfATask() throws InterruptedException {
        held.put(task("prod", "t"));
        long revision = held.put(
                ended("t", 1, changes -> changes.stoppedReason("by hand").containers(exited(1, null))));
        String arn = taskArn("prod", "t");
        Await.await(() -> texts(arn).contains("RUNNING → STOPPED"));

        JsonNode items = timeline(arn).get("items");

        assertTrue(
                texts(arn).containsAll(List.of("created", "stopped", "container web exit 1", "RUNNING → STOPPED")),
                items.toString());
        assertEquals("created", items.at("/0/text").textValue());
        for (JsonNode item : items) {
            if (item.get("what").textValue().equals("status")) {
                assertEquals("by hand", item.get("reason").textValue());
                assertEquals(Long.toString(revision), item.get("revision").textValue());
            }
        }
    }

    private List<String> texts(String arn) {
        try {
            List<String> texts = new ArrayList<>();
            timeline(arn)
                    .get("items")
                    .forEach(item -> texts.add(item.get("text").textValue()));
            return texts;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void showsTheEventsOfAService() throws InterruptedException {
        Service service = Entities.service("prod", "web", changes -> changes.createdAt(NOON)
                .events(
                        ServiceEvent.builder()
                                .id("2")
                                .createdAt(NOON.plusSeconds(9))
                                .message("steady")
                                .build(),
                        ServiceEvent.builder()
                                .id("1")
                                .createdAt(NOON.plusSeconds(3))
                                .message("started")
                                .build()));
        held.put(EntityKind.SERVICE, "prod", service);

        List<String> own = texts(serviceArn("prod", "web")).stream()
                .filter(text -> !text.equals("ACTIVE")) // the addition, if the subscription saw it already
                .toList();
        assertEquals(List.of("created", "started", "steady"), own);
    }

    @Test
    void knowsAnEntityWithoutSteps() throws InterruptedException {
        held.put(EntityKind.CLUSTER, "prod", cluster("prod"));

        assertEquals(200, rest.get("/v1/history?arn=" + clusterArn("prod")).statusCode());
    }

    /** Whoever stops a task may give any reason, so there may be as many causes as tasks. */
    @Test
    void showsTheNewestCausesOnly() throws InterruptedException {
        for (int i = 0; i < 510; i++) {
            String reason = "for ticket " + i;
            held.put(ended(
                    "t" + i, i, changes -> changes.stopCode("UserInitiated").stoppedReason(reason)));
        }

        JsonNode answer = rest.json("/v1/history/reasons");

        assertEquals(500, answer.get("items").size());
        assertEquals("for ticket 509", answer.at("/items/0/reason").textValue());
        assertEquals(510, answer.get("total").intValue());
    }

    @Test
    void findsTheTasksOfACauseAndOfNoOther() throws InterruptedException {
        held.put(ended("a", 1, changes -> essential(null, changes, "port 80 of 10.0.0.1")));
        held.put(ended("b", 2, changes -> essential(null, changes, "port 81 of 10.0.0.2")));
        held.put(ended("coded", 3, changes -> essential(137, changes, "port 80 of 10.0.0.1")));
        held.put(ended("longer", 4, changes -> essential(null, changes, "port 80 of 10.0.0.1, at last")));
        String path = "/v1/history/tasks?sameCauseAs=";

        assertEquals(List.of("b", "a"), idsIn(rest.json(path + taskArn("prod", "a"))));
        assertEquals(List.of("coded"), idsIn(rest.json(path + taskArn("prod", "coded"))));
        assertEquals(List.of(), idsIn(rest.json(path + taskArn("prod", "nobody"))));
        for (JsonNode cause : rest.json("/v1/history/reasons").get("items")) {
            JsonNode tasks = rest.json(path + cause.get("example").textValue());
            assertEquals(cause.get("tasks"), tasks.get("total"));
        }
    }

    private static void essential(Integer code, Task.Builder changes, String reason) {
        changes.stopCode("EssentialContainerExited").stoppedReason(reason).containers(exited(code, null));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/history/tasks?sameCauseAs=web, Invalid ARN",
        "/v1/history/tasks?limit=0, Invalid limit (expected: 1 to 500)",
        "/v1/history/tasks?limit=501, Invalid limit (expected: 1 to 500)",
        "/v1/history/tasks?limit=x, Invalid limit (expected: 1 to 500)",
        "/v1/history/tasks?next=x, Invalid next (expected: that of an earlier answer)",
        "/v1/history/tasks?next=%21, Invalid next (expected: that of an earlier answer)",
        "/v1/history/tasks?exitCode=x, Invalid exit code (expected: a number such as 137)",
        "/v1/history/tasks?cluster=a%20b, Invalid cluster ARN or name",
        "/v1/history/tasks?x=1, At least one of the filters provided is unsupported",
        "/v1/history/reasons?limit=1, At least one of the filters provided is unsupported",
        "/v1/history, Invalid ARN",
        "/v1/history?arn=web, Invalid ARN",
        "/v1/history?arn=arn:aws:ecs:eu-west-1:12:task/prod/a, Invalid ARN",
        "/v1/history?arn=arn:aws:ecs:eu-west-1:123456789012:task/prod/a/b/c, Invalid ARN"
    })
    void refusesAWrongRequest(String path, String text) throws InterruptedException {
        HttpResponse<String> answer = rest.get(path);

        assertEquals(text, answer.body());
        assertEquals(400, answer.statusCode());
    }

    @Test
    void knowsNothingOfAnUnknownEntity() throws InterruptedException {
        String arn = taskArn("prod", "nobody");

        HttpResponse<String> answer = rest.get("/v1/history?arn=" + arn);

        assertEquals("Nothing is known of " + arn, answer.body());
        assertEquals(404, answer.statusCode());
    }

    @Test
    void isNotReadyBeforeTheView() throws InterruptedException {
        held.loading();

        assertEquals(503, rest.get("/v1/history/tasks").statusCode());
    }

    @Test
    void showsNoSecret() throws InterruptedException {
        held.put(ended(
                "t",
                1,
                changes -> changes.overrides(TaskOverride.builder()
                        .containerOverrides(ContainerOverride.builder()
                                .name("web")
                                .command("login", "hunter2")
                                .environment(KeyValuePair.builder()
                                        .name("TOKEN")
                                        .value("hunter2")
                                        .build())
                                .build())
                        .build())));

        assertEquals(1, rest.json("/v1/history/tasks").get("total").intValue());
        assertFalse(rest.get("/v1/history/tasks").body().contains("hunter2"));
    }

    @Test
    void searchesFortyThousandTasksInMilliseconds() throws InterruptedException {
        for (int i = 0; i < 40_000; i++) {
            int number = i;
            held.put(ended(String.format("%032x", i), i, changes -> changes.group("service:s" + number % 200)
                    .stopCode("EssentialContainerExited")
                    .stoppedReason("Essential container in task exited")
                    .containers(exited(number % 7, null))));
        }
        rest.json("/v1/history/tasks?q=s199+exit+6"); // fills the index
        for (String query : List.of("q=s199+exit+6", "q=9c3f", "service=s17&limit=500", "reason=container")) {
            long best = Long.MAX_VALUE;
            for (int i = 0;
                    i < 10 || (i < 200 && best >= QUICK.toNanos());
                    i++) { // on a busy machine few are undisturbed
                long begun = System.nanoTime();
                assertTrue(rest.json("/v1/history/tasks?" + query).get("total").intValue() > 0, query);
                best = Math.min(best, System.nanoTime() - begun);
            }
            System.out.println(
                    "HistoryTest: " + query + ": " + Duration.ofNanos(best).toMillis() + " ms");
            assertTrue(best < QUICK.toNanos(), query + ": " + Duration.ofNanos(best));
        }
    }
}
