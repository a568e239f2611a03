package io.clusterstate.examples.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print, of a server that answers as REST v1 does; deploy's guide runs them against a real one. */
class ListToolTest {

    private static final String INSTANCE = "arn:aws:ecs:eu-west-1:123456789012:container-instance/prod/i1";
    private static final String TASKS =
            """
            {"items":[
              {"metadata":{"entityVersion":"7"},"entity":{"clusterARN":"arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
                "containerInstanceARN":"%s","lastStatus":"RUNNING","startedBy":"ecs-svc/1","taskARN":"arn:t1"}},
              {"metadata":{"entityVersion":"8"},"entity":{"clusterARN":"arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
                "launchType":"FARGATE","lastStatus":"PENDING","taskARN":"arn:t2"}}]}
            """
                    .formatted(INSTANCE);
    private static final String INSTANCES =
            """
            {"items":[{"metadata":{"entityVersion":"3"},"entity":{"clusterARN":"arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
              "containerInstanceARN":"%s","EC2InstanceID":"i-0abc","status":"ACTIVE","runningTasksCount":4}}]}
            """
                    .formatted(INSTANCE);

    private volatile String tasks = TASKS;
    private final List<String> asked = new ArrayList<>();
    private final Javalin server = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.startup.startupWatcherEnabled = false;
                config.routes.get("/v1/tasks", call -> {
                    asked.add(String.valueOf(call.queryString()));
                    call.result(tasks);
                });
                config.routes.get(
                        "/v1/services",
                        call -> call.result(
                                """
                        {"items":[{"entity":{"clusterARN":"arn:c/prod","serviceName":"web","status":"ACTIVE","runningCount":2,
                          "desiredCount":3,"pendingCount":1,"taskDefinitionARN":"arn:d/web:7"}}]}
                        """));
                config.routes.get(
                        "/v1/clusters",
                        call -> call.result(
                                """
                        {"items":[{"entity":{"clusterARN":"arn:c/prod","clusterName":"prod","status":"ACTIVE",
                          "activeServicesCount":1,"runningTasksCount":2,"pendingTasksCount":1,
                          "registeredContainerInstancesCount":4}}]}
                        """));
                config.routes.get("/v1/instances", call -> call.result(INSTANCES));
                config.routes.get("/other/v1/instances", call -> call.result("{}"));
                config.routes.get(
                        "/broken/v1/instances", call -> call.status(503).result("Not ready: it loads"));
            })
            .start("127.0.0.1", 0);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void listsTasksWithTheirHosts() {
        assertEquals(0, run("tasks"));

        List<String> lines = out.toString().lines().map(ListToolTest::words).toList();
        assertEquals(
                List.of(
                        "HOST CLUSTER STATUS AGE STARTED-BY ARN",
                        "i-0abc prod RUNNING ecs-svc/1 arn:t1",
                        "fargate prod PENDING arn:t2"),
                lines);
    }

    @Test
    void listsInstances() {
        assertEquals(0, run("instances"));

        List<String> lines = out.toString().lines().map(ListToolTest::words).toList();
        assertEquals(List.of("HOST CLUSTER STATUS AGE RUNNING-TASKS ARN", "i-0abc prod ACTIVE 4 " + INSTANCE), lines);
    }

    @Test
    void listsServicesAndClusters() {
        assertEquals(0, run("services"));
        assertEquals(0, run("clusters"));

        List<String> lines = out.toString().lines().map(ListToolTest::words).toList();
        assertEquals(
                List.of(
                        "SERVICE CLUSTER STATUS AGE RUNNING DESIRED PENDING DEFINITION",
                        "web prod ACTIVE 2 3 1 web:7",
                        "CLUSTER STATUS SERVICES RUNNING-TASKS PENDING-TASKS INSTANCES ARN",
                        "prod ACTIVE 1 2 1 4 arn:c/prod"),
                lines);
    }

    @Test
    void showsAgesInTheTableAndExactTimesInJson() {
        String created = Instant.now().minusSeconds(2 * 86_400 + 3 * 3_600 + 5).toString();
        tasks = TASKS.replace("\"startedBy\"", "\"createdAt\":\"" + created + "\",\"startedBy\"");

        assertEquals(0, run("tasks"));
        assertTrue(words(out.toString()).contains("RUNNING 2d 3h ecs-svc/1"), out.toString());
        assertEquals(0, run("tasks", "--json"));
        assertTrue(out.toString().contains(created), out.toString());
    }

    @ParameterizedTest
    @CsvSource({"5, 5s", "65, 1m 5s", "3725, 1h 2m", "183600, 2d 3h", "-5, 0s"})
    void anAgeHasItsTwoLargestUnits(long seconds, String expected) {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");

        assertEquals(expected, Rows.age(now.minusSeconds(seconds).toString(), now));
    }

    @Test
    void aWatchOfNoTerminalPrintsOnlyWhatIsNewAndGoesOnAfterAFailure() throws Exception {
        List<Callable<Rows>> answers = new ArrayList<>(List.of(
                () -> rows("RUNNING"),
                () -> rows("RUNNING"),
                () -> {
                    throw new IOException("refused");
                },
                () -> rows("STOPPED")));
        Watch watch = new Watch(
                () -> answers.remove(0).call(),
                new PrintWriter(out),
                new PrintWriter(err, true),
                false,
                InstantSource.system());

        assertThrows(
                InterruptedException.class,
                () -> watch.run(() -> {
                    if (answers.isEmpty()) {
                        throw new InterruptedException();
                    }
                }));

        assertEquals(List.of("a  RUNNING", "a  STOPPED"), out.toString().lines().toList());
        assertEquals("list: refused", err.toString().strip());
    }

    private static Rows rows(String status) {
        return new Rows(List.of("name", "status"), List.of(List.of("a", status)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--watch=-1", "--watch=0", "--watch=x", "--nope"})
    void aWrongOptionIsOneLineAndExitCodeTwo(String option) {
        assertEquals(2, run("tasks", option));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("list: "), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:3000", "ftp://localhost", "http://local host"})
    void namesAUrlThatIsNone(String wrong) {
        assertEquals(1, run("tasks", "--url=" + wrong));
        assertEquals(
                "list: --url: " + wrong + " (expected: one such as http://localhost:3000)",
                err.toString().strip());
    }

    @Test
    void writesJson() throws Exception {
        assertEquals(0, run("tasks", "--json"));

        JsonNode rows = new ObjectMapper().readTree(out.toString());
        assertEquals(2, rows.size());
        assertEquals("i-0abc", rows.get(0).get("host").textValue());
        assertEquals("", rows.get(1).get("startedBy").textValue());
    }

    @Test
    void passesFiltersOn() {
        assertEquals(0, run("tasks", "--cluster=prod", "--status=running", "--started-by=a b"));

        assertEquals(List.of("cluster=prod&status=running&startedBy=a+b"), asked);
    }

    @Test
    void saysWhatTheServerSays() {
        assertEquals(1, run("instances", "--url=" + url() + "/broken/"));

        assertTrue(err.toString().endsWith("/v1/instances: 503 Not ready: it loads (expected: 200)\n"), err.toString());
    }

    @Test
    void saysWhenNobodyListens() {
        String url = url();
        server.stop();

        assertEquals(1, run("tasks", "--url=" + url));

        assertTrue(err.toString().contains("connection refused"), err.toString());
    }

    @Test
    void saysWhenItIsNoStateServer() {
        assertEquals(1, run("instances", "--url=" + url() + "/other"));

        assertTrue(err.toString().contains("no list (expected: a state server"), err.toString());
    }

    @Test
    void keepsALongArnInOneLine() {
        String longest = "arn:aws:ecs:eu-west-1:123456789012:task/" + "c".repeat(255) + '/' + "0".repeat(32);
        tasks = TASKS.replace("arn:t1", longest);

        assertEquals(0, run("tasks"));

        assertTrue(out.toString().lines().anyMatch(line -> line.contains(longest)), out.toString());
    }

    @Test
    void asksForWhatIsToBeListed() {
        assertEquals(
                2, ListTool.commandLine().setErr(new PrintWriter(err, true)).execute());

        assertTrue(
                err.toString().startsWith("list: (expected: tasks, services, instances or clusters)"), err.toString());
    }

    private int run(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        if (arguments.stream().noneMatch(each -> each.startsWith("--url"))) {
            arguments.add("--url=" + url());
        }
        return ListTool.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private static String words(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }
}
