package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.clusterArn;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/** What Prometheus' HTTP service discovery relies on: the whole list, its type and labels, and errors before it. */
class PrometheusTargetsTest extends OnHeldState {

    private static final String ALL = "/v1/prometheus-sd?port=80";

    @Test
    void aTaskIsATargetWithItsLabels() throws InterruptedException {
        held.put(inVpc("a", "10.0.0.7", task -> task.group("service:web")
                .launchType("FARGATE")
                .availabilityZone("eu-west-1a")
                .healthStatus(HealthStatus.UNHEALTHY)
                .tags(Tag.builder().key("team-name").value("core").build())));

        JsonNode expected = Rest.parse(
                """
                [{"targets": ["10.0.0.7:80"],
                  "labels": {
                    "__meta_ecs_cluster": "prod",
                    "__meta_ecs_cluster_arn": "%s",
                    "__meta_ecs_service": "web",
                    "__meta_ecs_task_group": "service:web",
                    "__meta_ecs_task_arn": "%s",
                    "__meta_ecs_task_definition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
                    "__meta_ecs_task_family": "web",
                    "__meta_ecs_task_revision": "1",
                    "__meta_ecs_container": "app",
                    "__meta_ecs_container_port": "80",
                    "__meta_ecs_ip_address": "10.0.0.7",
                    "__meta_ecs_launch_type": "FARGATE",
                    "__meta_ecs_health_status": "UNHEALTHY",
                    "__meta_ecs_region": "eu-west-1",
                    "__meta_ecs_availability_zone": "eu-west-1a",
                    "__meta_ecs_tag_task_team_name": "core"}}]
                """
                        .formatted(clusterArn("prod"), taskArn("prod", "a")));
        assertEquals(expected, rest.json(ALL));
    }

    @Test
    void aPortOfAHostIsATargetIfInstancesHaveNames() throws InterruptedException {
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "i1", instance -> instance.ec2InstanceId("i-0abc")));
        held.put(onHost("b", 80, 32_768));

        HttpResponse<String> without = rest.get(ALL);
        assertEquals("[]", without.body());
        assertEquals("1", without.headers().firstValue("X-Targets-Unknown").orElse(""));

        JsonNode named = rest.json(ALL + "&instanceDomain=eu-west-1.compute.internal");
        assertEquals(
                "i-0abc.eu-west-1.compute.internal:32768",
                named.at("/0/targets/0").textValue());
        assertEquals("i-0abc", named.at("/0/labels/__meta_ecs_ec2_instance_id").textValue());
        assertEquals("80", named.at("/0/labels/__meta_ecs_container_port").textValue());
    }

    @Test
    void onlyRunningTasksAreTargetsInTheOrderOfTheirArns() throws InterruptedException {
        held.put(inVpc("c", "10.0.0.3", task -> {}));
        held.put(inVpc("a", "10.0.0.9", task -> {}));
        held.put(inVpc("d", "10.0.0.4", task -> task.lastStatus("PENDING")));
        held.put(inVpc("e", "10.0.0.5", task -> task.desiredStatus("STOPPED")));
        held.put(inVpc("b", "10.0.0.1", task -> {}));

        assertEquals(List.of("10.0.0.9:80", "10.0.0.1:80", "10.0.0.3:80"), targets(ALL));
    }

    @ParameterizedTest
    @CsvSource({
        "cluster=prod&service=web, 10.0.0.1:80",
        "service=prod/web, 10.0.0.1:80",
        "service=web, 10.0.0.1:80 10.0.0.2:80",
        "family=batch, 10.0.0.3:80",
        "container=sidecar, 10.0.0.3:80",
        "cluster=test, 10.0.0.2:80",
        "cluster=none, ''",
        "service=, ''"
    })
    void filtersNarrow(String filters, String expected) throws InterruptedException {
        held.put(inVpc("a", "10.0.0.1", task -> task.group("service:web")));
        held.put(EntityKind.TASK, "test", task("test", "b", task -> inVpc(task, "10.0.0.2")
                .group("service:web")));
        held.put(inVpc("c", "10.0.0.3", task -> task.group("family:batch")
                .taskDefinitionArn("arn:aws:ecs:eu-west-1:123456789012:task-definition/batch:3")
                .containers(container("app"), container("sidecar"))));

        assertEquals(expected, String.join(" ", targets(ALL + '&' + filters)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', Invalid port (expected: 1 to 65535)",
        "port=http, Invalid port (expected: 1 to 65535)",
        "port=65536, Invalid port (expected: 1 to 65535)",
        "port=0, Invalid port (expected: 1 to 65535)",
        "port=80&instanceDomain=a b, Invalid instance domain (expected: one such as eu-west-1.compute.internal)",
        "port=80&cluster=a b, Invalid cluster ARN or name",
        "port=80&status=RUNNING, At least one of the filters provided is unsupported"
    })
    void aWrongFilterIsRefused(String filters, String expected) throws InterruptedException {
        HttpResponse<String> answer = rest.get("/v1/prometheus-sd?" + filters.replace(" ", "%20"));

        assertEquals(400, answer.statusCode());
        assertEquals(expected, answer.body());
    }

    /** Prometheus takes no other type, and an error for a reason to keep the list that it has. */
    @Test
    void theAnswerIsJsonAndNothingUntilTheViewIsReady() throws InterruptedException {
        HttpResponse<String> empty = rest.get(ALL);
        assertEquals(200, empty.statusCode());
        assertEquals("[]", empty.body());
        assertTrue(empty.headers()
                .firstValue("Content-Type")
                .orElse("")
                .matches("(?i)application/json(;\\s*charset=utf-8)?"));

        Held loading = new Held().loading();
        try (Rest early = Rest.of(loading)) {
            assertEquals(503, early.get(ALL).statusCode());
        }
        loading.close();
    }

    private List<String> targets(String path) throws InterruptedException {
        List<String> targets = new ArrayList<>();
        rest.json(path).forEach(group -> targets.add(group.at("/targets/0").textValue()));
        return targets;
    }

    private static Task inVpc(String id, String address, Consumer<Task.Builder> changes) {
        return task("prod", id, task -> changes.accept(inVpc(task, address)));
    }

    private static Task.Builder inVpc(Task.Builder task, String address) {
        return task.lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .containers(container("app"))
                .attachments(Attachment.builder()
                        .type("ElasticNetworkInterface")
                        .status("ATTACHED")
                        .details(KeyValuePair.builder()
                                .name("privateIPv4Address")
                                .value(address)
                                .build())
                        .build());
    }

    private static Task onHost(String id, int port, int hostPort) {
        return task("prod", id, task -> task.lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .containerInstanceArn(instanceArn("prod", "i1"))
                .containers(container("app").toBuilder()
                        .networkBindings(NetworkBinding.builder()
                                .bindIP("0.0.0.0")
                                .containerPort(port)
                                .hostPort(hostPort)
                                .protocol("tcp")
                                .build())
                        .build()));
    }

    private static Container container(String name) {
        return Container.builder().name(name).build();
    }
}
