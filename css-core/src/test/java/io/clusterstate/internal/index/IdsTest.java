package io.clusterstate.internal.index;

import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.clusterArn;
import static io.clusterstate.testing.Entities.definition;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.observed;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Ids and names in the place of ARNs. */
class IdsTest {

    private static final String SHORT = "arn:aws:ecs:eu-west-1:123456789012:";

    private final Task onOne = task("prod", "t1", changes -> changes.containerInstanceArn(instanceArn("prod", "i1")));
    private final Task ofOldAccount = task("prod", "t2", changes -> changes.taskArn(SHORT + "task/t2")
            .containerInstanceArn(SHORT + "container-instance/i1"));
    private final Task elsewhere =
            task("test", "t3", changes -> changes.containerInstanceArn(instanceArn("test", "i2")));
    private final Service web = service("prod", "web");

    private final IndexedSnapshot snapshot = IndexedSnapshot.EMPTY
            .with(observed(EntityKind.TASK, "prod", onOne))
            .with(observed(EntityKind.TASK, "prod", ofOldAccount))
            .with(observed(EntityKind.TASK, "test", elsewhere))
            .with(observed(EntityKind.INSTANCE, "prod", instance("prod", "i1")))
            .with(observed(EntityKind.SERVICE, "prod", web))
            .with(observed(EntityKind.SERVICE, "test", service("test", "batch")))
            .with(observed(EntityKind.CLUSTER, "empty", cluster("empty")));

    @Test
    void anEntityIsFoundByTheIdInItsArnOfEitherFormat() {
        assertEquals(Optional.of(onOne), snapshot.task("t1"));
        assertEquals(Optional.of(ofOldAccount), snapshot.task("t2"));
        assertEquals(Optional.of(elsewhere), snapshot.task("test/t3"));
        assertEquals(Optional.of(instance("prod", "i1")), snapshot.instance("i1"));
        assertEquals(Optional.of(web), snapshot.service("web"));
        assertEquals(Optional.of(cluster("empty")), snapshot.cluster("empty"));
    }

    @Test
    void anIdThatIsNowhereFindsNothing() {
        assertEquals(Optional.empty(), snapshot.task("t9"));
        assertEquals(Optional.empty(), snapshot.task("prod/t3"));
        assertEquals(Optional.empty(), snapshot.task("i1"));
        assertEquals(Optional.empty(), snapshot.task(""));
        assertEquals(Optional.empty(), snapshot.observed(EntityKind.TASK, "t1"));
        assertEquals(Optional.empty(), snapshot.cluster("prod"));
        assertEquals(Optional.empty(), snapshot.task(taskArn("prod", "t3")));
    }

    @Test
    void aNameInSeveralClustersIsRefusedAndAClusterBeforeItTellsWhich() {
        Snapshot twice = snapshot.with(observed(EntityKind.SERVICE, "test", service("test", "web")));

        assertEquals(
                "service: web (expected: an ARN, or CLUSTER/web, since there are several: [" + serviceArn("prod", "web")
                        + ", " + serviceArn("test", "web") + "])",
                assertThrows(IllegalArgumentException.class, () -> twice.service("web"))
                        .getMessage());
        assertEquals(Optional.of(web), twice.service("prod/web"));
    }

    @Test
    void aClusterNameOfTwoRegionsIsRefused() {
        String other = "arn:aws:ecs:us-east-1:123456789012:cluster/empty";
        Snapshot twice = snapshot.with(observed(
                EntityKind.CLUSTER,
                other,
                cluster("empty").toBuilder().clusterArn(other).build()));

        assertEquals(
                "cluster: empty (expected: an ARN, since there are several: [" + clusterArn("empty") + ", " + other
                        + "])",
                assertThrows(IllegalArgumentException.class, () -> twice.cluster("empty"))
                        .getMessage());
    }

    @Test
    void aQueryTakesTheIdOfAnInstance() {
        assertEquals(2, snapshot.tasks().onInstance("i1").count());
        assertEquals(2, snapshot.tasks().onInstance("i1").list().size());
        assertEquals(1, snapshot.tasks().onInstance("i2").count());
        assertEquals(0, snapshot.tasks().onInstance("i2").in("prod").count());
        assertEquals(0, snapshot.tasks().onInstance("1").count());
        assertTrue(snapshot.tasks().onInstance("i1").matches(observed(EntityKind.TASK, "prod", onOne)));
        assertFalse(snapshot.tasks().onInstance("1").matches(observed(EntityKind.TASK, "prod", onOne)));
    }

    @Test
    void anArnOrAClusterBeforeANameStandsForTheServiceOfThatClusterAlone() {
        assertEquals(3, snapshot.tasks().ofService("web").count());
        assertEquals(2, snapshot.tasks().ofService(serviceArn("prod", "web")).count());
        assertEquals(3, snapshot.tasks().ofService(SHORT + "service/web").count());
        assertEquals(2, snapshot.tasks().ofService("prod/web").count());
        assertEquals(0, snapshot.tasks().ofService("pord/web").count());
        assertEquals(0, snapshot.tasks().in("test").ofService("prod/web").count());
        assertEquals(1, snapshot.services().named(serviceArn("prod", "web")).count());
        assertEquals(0, snapshot.services().named(serviceArn("test", "web")).count());
    }

    @Test
    void aTaskDefinitionWithoutARevisionIsRefused() {
        assertEquals(3, snapshot.tasks().taskDefinition("web:1").count());
        assertEquals(0, snapshot.tasks().taskDefinition("web:2").count());
        assertEquals(0, snapshot.tasks().taskDefinition("eb:1").count());
        assertEquals(
                "taskDefinition: web (expected: FAMILY:REVISION or an ARN; family(…) finds all revisions)",
                assertThrows(IllegalArgumentException.class, () -> snapshot.tasks()
                                .taskDefinition("web"))
                        .getMessage());
    }

    @Test
    void aTaskDefinitionIsFoundByItsFamilyAndRevision() {
        TaskDefinition web = definition("prod", "web", 1);
        Snapshot held = snapshot.with(definition(web)).with(definition(definition("prod", "web", 11)));

        assertEquals(Optional.of(web), held.taskDefinition("web:1"));
        assertEquals(Optional.of(web), held.taskDefinition(web.taskDefinitionArn()));
        assertEquals(Optional.empty(), held.taskDefinition("web:2"));
        assertEquals(
                Optional.empty(), held.taskDefinition(web.taskDefinitionArn().replace("web:1", "web:2")));
        for (String none : List.of("web", "web:", "web:latest", ":1", "a/web:1", "", clusterArn("prod") + ":1")) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> held.taskDefinition(none));
            assertTrue(refusal.getMessage().startsWith("taskDefinition: " + none + " (expected: FAMILY:REVISION or"));
        }
        Snapshot twice =
                ((IndexedSnapshot) held).with(definition(definition("arn:aws:ecs:us-east-1:1:cluster/x", "web", 1)));
        assertThrows(IllegalArgumentException.class, () -> twice.taskDefinition("web:1"));
    }

    @Test
    void anEmptyClusterIsKnownAndAMisspeltOneIsNot() {
        assertTrue(snapshot.knows("empty"));
        assertTrue(snapshot.knows(clusterArn("empty")));
        assertTrue(snapshot.knows("prod"));
        assertTrue(snapshot.knows(clusterArn("test")));
        assertFalse(snapshot.knows("pord"));
        assertFalse(snapshot.knows(clusterArn("pord")));
        assertFalse(snapshot.knows(""));
        assertFalse(IndexedSnapshot.EMPTY.knows("prod"));
    }
}
