package io.clusterstate.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entities as JSON, by the library's writer and by Jackson 3. */
class EcsJsonTest {

    private static final Task TASK = Task.builder()
            .taskArn("arn:aws:ecs:us-east-1:123456789012:task/default/1")
            .createdAt(Instant.parse("2026-01-01T00:00:00Z"))
            .version(7L)
            .containers(Container.builder()
                    .name("web")
                    .networkInterfaces(
                            NetworkInterface.builder().attachmentId("eni").build())
                    .build())
            .build();

    private final JsonMapper mapper =
            JsonMapper.builder().addModule(new EcsJacksonModule()).build();

    @Test
    void writesTheNamesOfTheApiAndLeavesOutWhatIsUnset() {
        assertEquals(
                "{\"containers\":[{\"name\":\"web\",\"networkInterfaces\":[{\"attachmentId\":\"eni\"}]}],"
                        + "\"createdAt\":\"2026-01-01T00:00:00Z\","
                        + "\"taskArn\":\"arn:aws:ecs:us-east-1:123456789012:task/default/1\",\"version\":7}",
                EcsJson.write(TASK));
    }

    @Test
    void writesPartsOfEntitiesToo() {
        assertEquals(
                "{\"name\":\"web\"}",
                EcsJson.write(Container.builder().name("web").build()));
    }

    @Test
    void jacksonAloneWritesNothingOfAnEntity() {
        assertEquals("{}", JsonMapper.builder().build().writeValueAsString(TASK));
    }

    @Test
    void jacksonWritesEntitiesWhereverTheyStand() {
        record Answer(String cluster, List<Task> tasks, Map<String, Container> byName) {}
        Answer answer = new Answer(
                "default",
                List.of(TASK),
                Map.of("web", Container.builder().name("web").build()));
        assertEquals(
                "{\"cluster\":\"default\",\"tasks\":[" + EcsJson.write(TASK)
                        + "],\"byName\":{\"web\":{\"name\":\"web\"}}}",
                mapper.writeValueAsString(answer));
    }

    @Test
    void theTreeOfJacksonHasTheSameMembers() {
        JsonNode tree = mapper.valueToTree(TASK);
        assertEquals(7, tree.get("version").asInt());
        assertEquals("web", tree.at("/containers/0/name").asString());
    }

    @Test
    void everyEntityOfASimulatedEcsIsReadableJson() {
        try (SimulatorFixture world =
                new SimulatorFixture(Simulator.builder().clusters(1).tasks(20))) {
            var truth = world.simulator().truth();
            for (SdkPojo entity : List.<SdkPojo>of(
                    truth.tasks().get(0),
                    truth.instances().get(0),
                    truth.services().get(0))) {
                JsonNode read = mapper.readTree(EcsJson.write(entity));
                assertFalse(read.isEmpty());
                assertEquals(read, mapper.valueToTree(entity));
            }
        }
    }
}
