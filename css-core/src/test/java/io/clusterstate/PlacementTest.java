package io.clusterstate;

import static io.clusterstate.testing.InstanceParts.attribute;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.ecs.EcsArn;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class PlacementTest {

    private static final String ZONE = "ecs.availability-zone";

    private final SnapshotEditor editor = SnapshotEditor.of(SnapshotEditor.empty());

    @Test
    void everyObstacleIsNamed() {
        TaskDefinition definition = definition(each -> each.networkMode(NetworkMode.BRIDGE)
                .requiresCompatibilities(Compatibility.EC2)
                .requiresAttributes(attribute("docker", null), attribute("ecs.os-type", "linux"))
                .placementConstraints(
                        constraint -> constraint.type("memberOf").expression("attribute:ecs.instance-type =~ c5.*"))
                .containerDefinitions(container -> container
                        .name("app")
                        .cpu(256)
                        .memory(1024)
                        .portMappings(mapping -> mapping.containerPort(80).hostPort(8080))
                        .resourceRequirements(gpu -> gpu.type("GPU").value("1"))));
        Consumer<ContainerInstance.Builder> good = each -> each.attributes(
                        attribute("docker", null),
                        attribute("ecs.os-type", "linux"),
                        attribute("ecs.instance-type", "c5.x"))
                .remainingResources(number("CPU", 512), number("MEMORY", 2048), set("PORTS", "22"), set("GPU", "g1"));
        instance("fits", good);
        instance("draining", good.andThen(each -> each.status("DRAINING")));
        instance("gone", good.andThen(each -> each.agentConnected(false)));
        instance("outside", good.andThen(each -> each.attributes(attribute("ecs.capability.external", null))));
        instance("old", good.andThen(each -> each.attributes(attribute("ecs.os-type", "linux"))));
        instance(
                "windows",
                good.andThen(each -> each.attributes(attribute("docker", null), attribute("ecs.os-type", "windows"))));
        instance("busy", good.andThen(each -> each.remainingResources(number("CPU", 255))));
        instance(
                "full",
                good.andThen(
                        each -> each.remainingResources(number("CPU", 256), number("MEMORY", 1023), set("GPU", "g1"))));
        instance("plain", good.andThen(each -> each.remainingResources(number("CPU", 256), number("MEMORY", 1024))));
        instance(
                "bound",
                good.andThen(each -> each.remainingResources(
                        number("CPU", 256), number("MEMORY", 1024), set("PORTS", "8080"), set("GPU", "g1"))));
        instance(
                "m5",
                good.andThen(each -> each.attributes(
                        attribute("docker", null),
                        attribute("ecs.os-type", "linux"),
                        attribute("ecs.instance-type", "m5.x"))));
        instance("taken", good);
        task("taken", "web", each -> {});

        Placement placement = snapshot().placement(definition).in("prod").distinctInstance();

        assertEquals(List.of("fits"), ids(placement.fits()));
        assertEquals(
                """
                bound: PORTS: 8080 taken (needs it free)
                busy: CPU: 255 free (needs 256)
                draining: status: DRAINING (needs ACTIVE)
                full: MEMORY: 1023 free (needs 1024)
                gone: agentConnected: false (needs true)
                m5: memberOf: attribute:ecs.instance-type =~ c5.* does not hold
                old: attribute docker: none (needs it)
                outside: compatibility: EXTERNAL (needs EC2)
                plain: GPU: 0 free (needs 1)
                taken: distinctInstance: has an active task of the group family:web
                windows: attribute ecs.os-type: windows (needs linux)
                """,
                words(placement.explain()));
    }

    @Test
    void aDefinitionForFargateAloneFitsNoInstance() {
        instance("a", each -> {});
        Placement fargate =
                snapshot().placement(definition(each -> each.requiresCompatibilities(Compatibility.FARGATE)));
        assertEquals(List.of(), fargate.fits());
        assertEquals("a: compatibility: EC2 (needs FARGATE)\n", words(fargate.explain()));
        TaskDefinition any = definition(each -> each.compatibilities(Compatibility.EXTERNAL, Compatibility.EC2));
        assertEquals(List.of("a"), ids(snapshot().placement(any).fits()));
        TaskDefinition managed = definition(each -> each.requiresCompatibilitiesWithStrings("MANAGED_INSTANCES"));
        assertEquals(List.of("a"), ids(snapshot().placement(managed).fits()));
    }

    @Test
    void binpackPrefersTheFullest() {
        instance("a", free(900, 700));
        instance("b", free(300, 900));
        instance("c", free(300, 800));
        instance("d", free(255, 900));
        Placement placement = snapshot().placement(definition(each -> {}));
        assertEquals(List.of("b", "c", "a"), ids(placement.binpack("cpu").fits()), "a tie is in the order of the ARNs");
        assertEquals(List.of("a", "c", "b"), ids(placement.binpack("MEMORY").fits()));
        assertEquals(
                List.of("c", "b", "a"),
                ids(placement.binpack("cpu").binpack("memory").fits()));
        assertEquals(List.of("a", "b", "c"), ids(placement.fits()), "without a strategy");
    }

    @Test
    void spreadPrefersTheValueWithTheFewestTasksOfTheGroup() {
        instance("a1", zone("a"));
        instance("a2", zone("a"));
        instance("b1", zone("b"));
        instance("b2", zone("b").andThen(each -> each.status("DRAINING")));
        instance("none", each -> each.attributes(List.of()));
        task("a1", "web", each -> {});
        task("b2", "web", each -> {});
        task("b2", "web", each -> {});
        task("a2", "api", each -> {});
        task("a2", "web", each -> each.desiredStatus("STOPPED"));
        Placement placement = snapshot().placement(definition(each -> {})).in("prod");
        assertEquals(
                List.of("none", "a1", "a2", "b1"),
                ids(placement.spread("attribute:" + ZONE).fits()));
        assertEquals(
                List.of("none", "a2", "a1", "b1"),
                ids(placement.spread("attribute:" + ZONE).spread("instanceId").fits()));
        assertEquals(
                List.of("a2", "b1", "none", "a1"), ids(placement.spread("host").fits()));
        assertEquals(
                List.of("a1", "b1", "none", "a2"),
                ids(placement.group("family:api").spread("instanceId").fits()));
    }

    @Test
    void spreadCountsEachClusterByItself() {
        put(EntityKind.INSTANCE, "prod", Entities.instance("prod", "p", zone("a")));
        put(EntityKind.INSTANCE, "test", Entities.instance("test", "t", zone("a")));
        task("p", "web", each -> {});
        assertEquals(
                List.of("t", "p"),
                ids(snapshot()
                        .placement(definition(each -> {}))
                        .spread("attribute:" + ZONE)
                        .fits()));
    }

    @Test
    void distinctInstanceIsAboutActiveTasksOfTheGroup() {
        instance("a", each -> {});
        instance("b", each -> {});
        instance("c", each -> {});
        task("a", "web", each -> each.lastStatus("PENDING"));
        task("b", "web", each -> each.desiredStatus("STOPPED"));
        task("c", "web", each -> each.lastStatus("STOPPED").desiredStatus("STOPPED"));
        task("c", "api", each -> {});
        Placement placement = snapshot().placement(definition(each -> {}));
        assertEquals(List.of("b", "c"), ids(placement.distinctInstance().fits()));
        assertEquals(
                List.of("a", "b"),
                ids(placement.distinctInstance().group("family:api").fits()));
    }

    @Test
    void randomIsDecidedByItsSeed() {
        IntStream.range(0, 20).forEach(i -> instance("i" + i, each -> {}));
        Placement placement = snapshot().placement(definition(each -> {}));
        assertEquals(placement.random(1).fits(), placement.random(1).fits());
        assertNotEquals(placement.random(1).fits(), placement.random(2).fits());
        assertNotEquals(placement.fits(), placement.random(1).fits());
    }

    @Test
    void mistakesFailInWords() {
        Placement placement = snapshot().placement(definition(each -> {}));
        assertMessage("resource: gpu (expected: cpu or memory)", () -> placement.binpack("gpu"));
        assertMessage(
                "field: ecs.zone (expected: instanceId, host or attribute:NAME)", () -> placement.spread("ecs.zone"));
        assertMessage(
                "field: attribute: (expected: instanceId, host or attribute:NAME)",
                () -> placement.spread("attribute:"));
        assertThrows(InvalidExpressionException.class, () -> placement.memberOf("stack == prod"));
        TaskDefinition strange = definition(each -> each.placementConstraints(constraint -> constraint.type("near")));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> snapshot().placement(strange));
        assertEquals(
                true,
                refusal.getMessage().endsWith("(expected: the type memberOf, with an expression)"),
                refusal.getMessage());
    }

    private static void assertMessage(String message, Runnable step) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, step::run).getMessage());
    }

    private Snapshot snapshot() {
        return editor.toSnapshot(1);
    }

    private void instance(String id, Consumer<ContainerInstance.Builder> changes) {
        put(EntityKind.INSTANCE, "prod", Entities.instance("prod", id, changes));
    }

    private int tasks;

    private void task(String instance, String family, Consumer<Task.Builder> changes) {
        Consumer<Task.Builder> placed =
                each -> each.group("family:" + family).containerInstanceArn(Entities.instanceArn("prod", instance));
        put(EntityKind.TASK, "prod", Entities.task("prod", "t" + tasks++, placed.andThen(changes)));
    }

    private <T> void put(EntityKind<T> kind, String cluster, T value) {
        editor.put(Entities.observed(kind, cluster, value));
    }

    private static Consumer<ContainerInstance.Builder> free(int cpu, int memory) {
        return each -> each.remainingResources(number("CPU", cpu), number("MEMORY", memory));
    }

    private static Consumer<ContainerInstance.Builder> zone(String zone) {
        return each -> each.attributes(attribute(ZONE, zone));
    }

    private static TaskDefinition definition(Consumer<TaskDefinition.Builder> changes) {
        TaskDefinition.Builder definition = Entities.definition("prod", "web", 1).toBuilder();
        changes.accept(definition);
        return definition.build();
    }

    private static List<String> ids(List<ContainerInstance> instances) {
        List<String> ids = new ArrayList<>();
        instances.forEach(each -> ids.add(EcsArn.nameOf(each.containerInstanceArn())));
        return ids;
    }

    private static String words(Map<String, String> reasons) {
        return reasons.entrySet().stream()
                .map(each -> EcsArn.nameOf(each.getKey()) + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
