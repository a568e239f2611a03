package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.InvalidExpressionException;
import io.clusterstate.Placement;
import io.clusterstate.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The recipes for the query language and for placement, at work. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class ReadmePlacementTest {

    private final FakeClusterState fake = new FakeClusterState();

    @Test
    void expressionsSelectInstances() {
        fake.put(instance("big").attribute("ecs.instance-type", "c5.4xlarge"));
        fake.put(instance("other").attribute("ecs.instance-type", "m5.large"));
        fake.put(instance("taken").attribute("ecs.instance-type", "c5.large"));
        fake.put(task("db").on("taken").with(task -> task.group("database")));
        Snapshot now = fake.view().snapshot();
        // region: query-language
        List<ContainerInstance> chosen = now.instances()
                .in("default")
                .placeable()
                .matching("attribute:ecs.instance-type =~ c5.* and not(task:group == database)")
                .list();
        // end: query-language
        assertEquals(
                List.of(instanceArn("big")),
                chosen.stream().map(ContainerInstance::containerInstanceArn).toList());
        Assertions.assertThrows(
                InvalidExpressionException.class, () -> now.instances().matching("stack = prod"));
    }

    @Test
    void placementListsTheBestInstanceFirst() {
        fake.put(instance("a-roomy").free(cpu(1024), memory(4096)));
        fake.put(instance("b-packed").free(cpu(1024), memory(1024)));
        fake.put(instance("c-full").free(cpu(1024), memory(256)));
        TaskDefinition definition = TaskDefinition.builder()
                .family("web")
                .containerDefinitions(
                        container -> container.name("web").cpu(256).memory(512))
                .build();
        Snapshot snapshot = fake.view().snapshot();
        List<String> log = new ArrayList<>();
        // region: placement
        Placement placement = snapshot.placement(definition)
                .in("default")
                .memberOf("attribute:ecs.os-type == linux")
                .distinctInstance() // no second task of the group, which is family:web here
                .spread("attribute:ecs.availability-zone")
                .binpack("memory");
        List<ContainerInstance> best = placement.fits(); // the best first
        Map<String, String> others = placement.explain(); // "MEMORY: 256 free (needs 512)", by ARN
        others.forEach((arn, reason) -> log.add(arn + " does not fit: " + reason));
        // end: placement
        assertEquals(
                List.of(instanceArn("b-packed"), instanceArn("a-roomy")),
                best.stream().map(ContainerInstance::containerInstanceArn).toList());
        assertEquals(List.of(instanceArn("c-full") + " does not fit: MEMORY: 256 free (needs 512)"), log);
    }
}
