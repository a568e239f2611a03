package io.clusterstate.memory;

import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The revision that a fake ECS takes for a name. */
class FakeEcsDefinitionsTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();

    @Test
    void aFamilyStandsForItsLatestActiveRevision() {
        fake.put(instance("box"));
        TaskDefinition first = ecs.define("web", 128, 128);
        TaskDefinition second = ecs.define("web", 256, 256);
        fake.put(second.toBuilder().status("INACTIVE").build());

        assertEquals(first.taskDefinitionArn(), started("web"));
        assertEquals(
                first,
                client.describeTaskDefinition(request -> request.taskDefinition("web"))
                        .taskDefinition());
        assertEquals(3, ecs.define("web", 512, 512).revision());
        assertEquals(FakeArns.taskDefinitionArn("web", 3), started("web"));
    }

    @Test
    void anInactiveRevisionIsDescribedAndStartsNothing() {
        fake.put(instance("box"));
        TaskDefinition old = fake.put(
                ecs.define("web", 128, 128).toBuilder().status("INACTIVE").build());

        assertEquals(
                old,
                client.describeTaskDefinition(request -> request.taskDefinition("web:1"))
                        .taskDefinition());
        assertEquals(
                "TaskDefinition is inactive",
                assertThrows(ClientException.class, () -> started("web:1"))
                        .awsErrorDetails()
                        .errorMessage());
        assertThrows(ClientException.class, () -> started("web"));
    }

    private String started(String definition) {
        return client.runTask(request -> request.taskDefinition(definition))
                .tasks()
                .get(0)
                .taskDefinitionArn();
    }
}
