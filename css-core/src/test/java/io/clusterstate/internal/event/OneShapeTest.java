package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.spi.ApiOnlyFields;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** An entity from an event equals the entity from the API, except for the API-only fields. */
@Isolated("other tests put strings into the pool of the JVM, which forgets")
class OneShapeTest {

    @Test
    void aTaskIsTheSameFromAnEventAndFromTheApi() {
        Seeds.forEach(500, random -> {
            Task told = RandomEntities.of(random).task();

            Task fromEvent = ParsedBodies.taskIn(new EventJson(random).eventOf(told));
            Task fromApi = Canonical.of(Task.class, told);

            assertEquals(ApiOnlyFields.clear(EntityKind.TASK, fromApi), fromEvent);
        });
    }

    @Test
    void anInstanceIsTheSameFromAnEventAndFromTheApi() {
        Seeds.forEach(500, random -> {
            ContainerInstance told = RandomEntities.of(random).instance();
            String clusterArn = Entities.clusterArn("prod");

            ContainerInstance fromEvent = ParsedBodies.instanceIn(new EventJson(random).eventOf(told, clusterArn));
            ContainerInstance fromApi = Canonical.of(ContainerInstance.class, told);

            assertEquals(ApiOnlyFields.clear(EntityKind.INSTANCE, fromApi), fromEvent);
        });
    }

    @Test
    void whatAnEventTellsIsInTheOneShapeAlready() {
        Seeds.forEach(200, random -> {
            Task fromEvent = ParsedBodies.taskIn(
                    new EventJson(random).eventOf(RandomEntities.of(random).task()));

            assertEquals(fromEvent, Canonical.of(Task.class, fromEvent));
        });
    }

    @Test
    void theApisAnswerForATaskHasTheShapeOfAnEvent() {
        String answer = Payloads.body("other/NOT-AN-EVENT-describetasks-shaped-ec2-task.json");
        String event = "{\"source\":\"aws.ecs\",\"detail-type\":\"ECS Task State Change\",\"detail\":" + answer + "}";

        Task task = ParsedBodies.taskIn(event);

        assertEquals(4, task.version());
        assertEquals("UNKNOWN", task.healthStatusAsString());
        assertEquals(task, Canonical.of(Task.class, task));
    }

    @Test
    void equalStringsOfTwoEventsAreOne() {
        Task first = ParsedBodies.taskIn(Payloads.body("task/lifecycle-fargate-v4-running.json"));
        Task second = ParsedBodies.taskIn(Payloads.body("task/lifecycle-fargate-v8-stopped.json"));

        assertNotSame(first, second);
        assertOne(
                List.of(
                        Task::clusterArn,
                        Task::taskDefinitionArn,
                        Task::group,
                        Task::launchTypeAsString,
                        Task::connectivityAsString,
                        task -> task.containers().get(0).name(),
                        task -> task.containers().get(0).image(),
                        task -> task.attachments().get(0).type()),
                first,
                second);
        assertSame(first.overrides(), second.overrides());
        assertSame(first.attributes().get(0), second.attributes().get(0));
    }

    @Test
    void equalStringsOfAnEventAndTheApiAreOne() {
        Task fromEvent = ParsedBodies.taskIn(Payloads.body("task/lifecycle-fargate-v4-running.json"));
        Task copied = fromEvent.toBuilder()
                .clusterArn(copy(fromEvent.clusterArn()))
                .taskDefinitionArn(copy(fromEvent.taskDefinitionArn()))
                .lastStatus(copy(fromEvent.lastStatus()))
                .containers(fromEvent.containers().get(0).toBuilder()
                        .image(copy(fromEvent.containers().get(0).image()))
                        .build())
                .build();

        Task fromApi = Canonical.of(Task.class, copied);

        assertNotSame(fromEvent.clusterArn(), copied.clusterArn());
        assertOne(
                List.of(Task::clusterArn, Task::taskDefinitionArn, Task::lastStatus, task -> task.containers()
                        .get(0)
                        .image()),
                fromEvent,
                fromApi);
    }

    @Test
    void theClusterOfAnInstanceIsOneStringWithTheClusterOfItsTasks() {
        String instance = "{\"containerInstanceArn\":\"" + Entities.instanceArn("prod", "1") + "\",\"version\":1}";
        String task = "{\"taskArn\":\"" + Entities.taskArn("prod", "1") + "\",\"version\":1,\"clusterArn\":\""
                + Entities.clusterArn("prod") + "\"}";

        assertSame(
                ParsedBodies.changeIn("{\"detail-type\":\"ECS Task State Change\",\"detail\":" + task + "}")
                        .clusterArn(),
                ParsedBodies.changeIn(
                                "{\"detail-type\":\"ECS Container Instance State Change\",\"detail\":" + instance + "}")
                        .clusterArn());
    }

    private static void assertOne(List<Function<Task, String>> texts, Task first, Task second) {
        for (Function<Task, String> text : texts) {
            assertSame(text.apply(first), text.apply(second), text.apply(first));
        }
    }

    private static String copy(String text) {
        return String.valueOf(text.toCharArray());
    }
}
