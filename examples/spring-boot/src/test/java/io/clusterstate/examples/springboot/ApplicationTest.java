package io.clusterstate.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.ecs.model.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application on a simulated ECS: clients of the SDK, queue, mirror, endpoints, health and meters. */
class ApplicationTest {

    private static Simulator simulator;
    private static ConfigurableApplicationContext context;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @BeforeAll
    static void begin() throws Exception {
        simulator = SimulatedApplication.start();
        context = SpringApplication.run(Application.class, "--server.port=0", "--css.poll-wait=1s");
        context.getBean(ClusterStateView.class).awaitReady(Duration.ofSeconds(60));
    }

    @AfterAll
    static void end() {
        context.close();
        simulator.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void freeInstancesComeFromTheView() throws Exception {
        JsonNode all = json.readTree(get("/free").body());
        assertThat(all.size()).isPositive();
        assertThat(all.get(0).propertyNames()).containsExactly("instance", "cpu", "memory");
        assertThat(json.readTree(get("/free?cpu=1000000").body()).size()).isZero();
    }

    @Test
    void aTaskIsJsonWithTheNamesOfTheApi() throws Exception {
        Task task = simulator.truth().tasks().get(0);
        JsonNode answer = json.readTree(
                get("/tasks/" + task.taskArn().replaceAll(".*/", "")).body());
        assertThat(answer.get("taskArn").asString()).isEqualTo(task.taskArn());
        assertThat(answer.get("containers").get(0).get("name").asString())
                .isEqualTo(task.containers().get(0).name());
        assertThat(get("/tasks/none").statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndReadinessShowTheView() throws Exception {
        JsonNode health = json.readTree(get("/actuator/health").body());
        assertThat(health.at("/components/css/status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/css/details").has("freshUpTo")).isTrue();
        HttpResponse<String> readiness = get("/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(json.readTree(readiness.body()).at("/components/css/status").asString())
                .isEqualTo("UP");
    }

    @Test
    void prometheusScrapesTheMirror() throws Exception {
        get("/actuator/prometheus"); // it registers the gauges of the clusters that it finds
        String meters = get("/actuator/prometheus").body();
        assertThat(meters)
                .contains("css_ready 1.0")
                .containsPattern("css_entities\\{cluster=\"default\",kind=\"task\",status=\"RUNNING\"} [1-9]")
                .contains("css_ecs_calls_total{operation=\"DescribeTasks\"}");
    }

    /** A second process on the queue: it is in standby, and as ready. */
    @Test
    void aHostMayDefineItsOwnStore() throws Exception {
        try (ConfigurableApplicationContext own =
                new SpringApplication(Application.class, OwnStore.class).run("--server.port=0", "--css.poll-wait=1s")) {
            own.getBean(ClusterStateView.class).awaitReady(Duration.ofSeconds(60));
            assertThat(own.getBeansOfType(StateStore.class)).containsOnlyKeys("ownStore");
            assertThat(own.getBean("ownStore", StateStore.class)
                            .snapshot()
                            .tasks()
                            .count())
                    .isPositive();
            assertThat(own.getBean(ClusterMirror.class).status().role()).hasToString("STANDBY");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        StateStore ownStore() {
            return new MemoryStateStore(Duration.ofHours(6), Duration.ofHours(24), InstantSource.system());
        }
    }
}
